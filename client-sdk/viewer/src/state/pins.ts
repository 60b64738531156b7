import type { Pin } from './view-state.js';

/** Pins with one more token, in the first colour that is free; without it where it is pinned alone already. */
export function withPinToggled(pins: readonly Pin[], id: number): Pin[] {
  const without = pins.filter((pin) => !(pin.ids.length === 1 && pin.ids[0] === id));
  if (without.length < pins.length) return without;
  const used = new Set(pins.map((pin) => pin.color));
  let color = 0;
  while (used.has(color)) color++;
  return [...pins, { ids: [id], color }];
}

/** A list with a value added at its end, or without it where it has it. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
