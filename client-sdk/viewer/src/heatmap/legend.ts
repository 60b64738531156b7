import type { Coloring, Tick } from '../color/coloring.js';
import type { Scale } from '../color/scale.js';
import { h } from '../dom.js';

/** The legend of the colors: name, scale with its marks, and notes on rows that the grid leaves out. */
export class Legend {
  readonly element = h('div', { class: 'sl-legend' });

  show(coloring: Coloring, scale: Scale, notes: readonly string[]): void {
    const shown = coloring.discrete ? swatches(coloring, scale) : gradient(coloring, scale);
    this.element.replaceChildren(
      h('span', { class: 'sl-name' }, coloring.name),
      shown,
      ...(coloring.outline ? [h('span', { class: 'sl-note' }, `outlined: ${coloring.outline}`)] : []),
      ...(coloring.missing === undefined ? [] : [h('span', { class: 'sl-note' }, h('i', { class: 'sl-swatch sl-hatched' }), coloring.missing)]),
      ...notes.map((note) => h('span', { class: 'sl-note' }, note)),
    );
  }
}

function gradient(coloring: Coloring, scale: Scale): HTMLElement {
  const bar = h('div', { class: 'sl-bar' });
  bar.style.background = `linear-gradient(to right, ${scale.backgrounds(17).join(', ')})`;
  if (coloring.threshold) bar.append(at(coloring.threshold, h('div', { class: 'sl-threshold' })));
  const ticks = coloring.ticks.map((tick) => at(tick, h('span', {}, tick.label)));
  return h('div', { class: 'sl-scale', 'aria-hidden': 'true' }, bar, h('div', { class: 'sl-ticks' }, ...ticks));
}

function swatches(coloring: Coloring, scale: Scale): HTMLElement {
  const each = coloring.ticks.map((tick) => {
    const swatch = h('i', { class: 'sl-swatch' });
    swatch.style.background = scale.at(tick.level).background;
    return h('span', {}, swatch, tick.label);
  });
  return h('div', { class: 'sl-swatches' }, ...each);
}

function at(tick: Tick, element: HTMLElement): HTMLElement {
  element.style.left = `${100 * Math.min(1, Math.max(0, tick.level))}%`;
  return element;
}
