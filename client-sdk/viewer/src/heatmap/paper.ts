import type { Coloring } from '../color/coloring.js';
import { h } from '../dom.js';
import { heatMapSvg } from '../export/heatmap-svg.js';
import type { Lens } from '../lens/lens.js';
import { shownLayers } from '../state/shown-layers.js';
import type { Store } from '../state/store.js';

/** Size of the cells on paper, and how many a sheet takes. */
const CELLS = { columnWidth: 76, rowHeight: 20 };
const COLUMNS = 12;
const ROWS = 48;

/** No one reads more on paper. */
const MOST_CELLS = 100_000;

/**
 * The whole map on paper: all its cells, in bands as large as a sheet. Drawn when the browser is about to print, since the grid
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
    const tokens = lens.run.positions.length;
    const layers = shownLayers(lens.run.layers, store.state);
    const [across, down] = store.state.down === 'tokens' ? [ROWS, COLUMNS] : [COLUMNS, ROWS];
    const bands: SVGSVGElement[] = [];
    let missing = 0;
    for (let from = 0; from < tokens; from += across) {
      const to = Math.min(from + across, tokens);
      if (!isLoaded(lens, from, to) || to * layers.length > MOST_CELLS) missing += to - from;
      else for (let first = 0; first < layers.length; first += down) bands.push(band(lens, store, coloring, [from, to], layers.slice(first, first + down)));
    }
    // Each at its size, or all smaller by the same share.
    const width = (each: SVGSVGElement) => Number(each.getAttribute('width'));
    for (const each of bands) each.style.width = `min(${(100 * width(each)) / width(bands[0]!)}%, ${width(each)}px)`;
    const note = missing === 0 ? [] : [h('p', {}, `${missing} of ${tokens} tokens are not printed.`)];
    this.element.replaceChildren(...bands, ...note);
  }
}

function isLoaded(lens: Lens, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (!lens.isLoaded(p)) return false;
  return true;
}

/** A drawing as an element. Its texts are escaped, and the parser of XML runs no script. */
function band(lens: Lens, store: Store, coloring: Coloring, columns: readonly [number, number], layers: readonly number[]): SVGSVGElement {
  const { text } = heatMapSvg(lens, { ...store.state, ...CELLS }, false, { columns, layers, coloring, isBand: true });
  const drawing = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  return document.importNode(drawing, true) as Element as SVGSVGElement;
}
