import type { Coloring } from '../color/coloring.js';
import { h } from '../dom.js';
import { heatMapSvg } from '../export/heatmap-svg.js';
import type { Lens } from '../lens/lens.js';
import { shownLayers } from '../state/shown-layers.js';
import type { Store } from '../state/store.js';

/** Size of the cells on paper; a sheet takes twelve columns. */
const CELLS = { columnWidth: 76, rowHeight: 20 };
const COLUMNS = 12;

/** No one reads more on paper. */
const MOST_CELLS = 100_000;

/**
 * The whole map on paper: all its columns, in bands as wide as a sheet. Drawn when the browser is about to print, since the grid
 * has only the cells in view.
 */
export class Paper {
  readonly element = h('div', { class: 'sl-paper-map' });
  readonly #end = new AbortController();

  constructor(lens: Lens, store: Store, coloring: () => Coloring) {
    addEventListener('beforeprint', () => this.#draw(lens, store, coloring()), this.#end);
    addEventListener('afterprint', () => this.element.replaceChildren(), this.#end);
  }

  dispose(): void {
    this.#end.abort();
  }

  #draw(lens: Lens, store: Store, coloring: Coloring): void {
    const columns = lens.run.positions.length;
    const rows = shownLayers(lens.run.layers, store.state).length;
    const bands: SVGSVGElement[] = [];
    let missing = 0;
    for (let from = 0; from < columns; from += COLUMNS) {
      const to = Math.min(from + COLUMNS, columns);
      if (!isLoaded(lens, from, to) || (bands.length + 1) * COLUMNS * rows > MOST_CELLS) missing += to - from;
      else bands.push(band(lens, store, coloring, [from, to]));
    }
    // Each at its size, or all smaller by the same share.
    const width = (each: SVGSVGElement) => Number(each.getAttribute('width'));
    for (const each of bands) each.style.width = `min(${(100 * width(each)) / width(bands[0]!)}%, ${width(each)}px)`;
    const note = missing === 0 ? [] : [h('p', {}, `${missing} of ${columns} tokens are not printed.`)];
    this.element.replaceChildren(...bands, ...note);
  }
}

function isLoaded(lens: Lens, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (!lens.isLoaded(p)) return false;
  return true;
}

/** A drawing as an element. Its texts are escaped, and the parser of XML runs no script. */
function band(lens: Lens, store: Store, coloring: Coloring, columns: readonly [number, number]): SVGSVGElement {
  const { text } = heatMapSvg(lens, { ...store.state, ...CELLS }, false, { columns, coloring, isBand: true });
  const drawing = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  return document.importNode(drawing, true) as Element as SVGSVGElement;
}
