import { button } from './controls.js';
import { h } from './dom.js';
import { SIZES } from './heatmap/sizes.js';
import type { Lens } from './lens/lens.js';
import { shownLayers } from './state/shown-layers.js';
import { differs, type Store } from './state/store.js';

/** Width of the detail over the map. */
const WIDTH = 440;
/** Least width of the detail beside the map. */
const LEAST = 400;
/** Narrower viewers have the detail below the map. */
const NARROW = 820;
const GAP = 20;

/**
 * The map and the detail of its selected cell. The detail is beside a map of few tokens. A map of many tokens has the
 * whole width, and the detail opens over it, at the cell; the reader may dock it. In a narrow viewer it is below.
 */
export class Detail {
  readonly element: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #dock: HTMLButtonElement;
  readonly #close: HTMLButtonElement;
  readonly #lens: Lens;
  readonly #store: Store;
  readonly #map: HTMLElement;
  readonly #ends: readonly (() => void)[];

  constructor(lens: Lens, store: Store, map: HTMLElement, content: readonly HTMLElement[]) {
    this.#lens = lens;
    this.#store = store;
    this.#map = map;
    this.#dock = button('', () => store.update({ detail: this.#place === 'floating' ? 'docked' : 'floating' }));
    this.#close = button('×', () => store.update({ selected: undefined }), { class: 'sl-close', 'aria-label': 'Close the detail', title: 'Close (Escape in the map)' });
    this.#bar = h('div', { class: 'sl-detail-bar' }, this.#dock, this.#close);
    this.#panel = h('div', { class: 'sl-detail', role: 'group', 'aria-label': 'Detail' }, this.#bar, ...content);
    this.element = h('div', { class: 'sl-body' }, map, this.#panel);
    const size = new ResizeObserver(() => this.#arrange());
    size.observe(this.element);
    this.#ends = [
      store.subscribe((state, before) => {
        if (differs(state, before, 'detail', 'down', 'stride', 'layerWindow')) this.#arrange();
        else if (differs(state, before, 'selected')) this.#move();
      }),
      () => size.disconnect(),
    ];
    queueMicrotask(() => this.#arrange());
  }

  dispose(): void {
    for (const end of this.#ends) end();
  }

  get #place(): string | undefined {
    return this.element.dataset['detail'];
  }

  #arrange(): void {
    const width = this.element.clientWidth;
    const { run } = this.#lens;
    const { detail, down } = this.#store.state;
    const { labelWidth, leastColumn } = SIZES[down];
    const columns = down === 'tokens' ? shownLayers(run.layers, this.#store.state).length : run.positions.length;
    const least = labelWidth + columns * leastColumn + 4;
    // Columns that would be narrower are too many to share the width.
    const few = least <= width - LEAST - GAP;
    this.element.style.setProperty('--sl-least', `${least}px`);
    this.element.style.setProperty('--sl-most', `${labelWidth + columns * 150 + 4}px`);
    const beside = detail === 'docked' || (detail === 'auto' && few);
    const place = width < NARROW ? 'below' : beside ? 'beside' : 'floating';
    this.element.dataset['detail'] = place;
    this.#bar.hidden = place === 'below' || (place === 'beside' && few);
    this.#close.hidden = place !== 'floating';
    this.#dock.textContent = beside ? 'Undock' : 'Dock';
    this.#dock.title = beside ? 'Give the map the whole width' : 'Keep this beside the map';
    this.#move();
  }

  /** Puts the floating panel beside the selected cell, inside the map. */
  #move(): void {
    this.#panel.style.inset = '';
    const isFloating = this.#place === 'floating';
    this.#panel.hidden = isFloating && this.#store.state.selected === undefined;
    if (!isFloating || this.#panel.hidden) return;
    const cell = this.#map.querySelector('.sl-selected')?.getBoundingClientRect();
    const map = this.element.getBoundingClientRect();
    const right = cell && cell.right + 12 + WIDTH <= map.right ? cell.right + 12 : (cell?.left ?? map.right) - 12 - WIDTH;
    const left = Math.max(0, Math.min(right - map.left, map.width - WIDTH));
    const top = Math.max(0, Math.min((cell?.top ?? map.top) - map.top - 60, map.height - this.#panel.offsetHeight));
    this.#panel.style.inset = `${top}px auto auto ${left}px`;
  }
}
