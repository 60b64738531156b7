import './pins.css';

/** Colors that the palette has; pins beyond them share one. */
const PIN_COLORS = 8;

/** A pin's color, for a style or an attribute of an element inside the viewer. */
export function pinColor(color: number): string {
  return `var(--sl-pin-${color % PIN_COLORS})`;
}
