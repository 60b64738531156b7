import { cellsTsv, cellTsv } from '../export/tsv.js';
import type { Lens } from '../lens/lens.js';
import type { Store } from '../state/store.js';
import { sourceOf } from '../export/source.js';
import type { Grid } from './grid.js';

/** Copies the cell at the keyboard's place, or all cells of a token's head, to the clipboard, unless a text is selected. */
export function copyText(grid: Grid, lens: Lens, store: Store): void {
  grid.element.addEventListener('copy', (event) => {
    const { layers } = grid.axes;
    const l = layers[grid.axes.layerAt(grid.active)];
    const p = grid.axes.tokenAt(grid.active);
    if (!event.clipboardData || !getSelection()?.isCollapsed || !lens.isLoaded(p)) return;
    if (l !== undefined && l >= lens.layersReady) return;
    const source = sourceOf(lens, store.state);
    const text = l === undefined ? cellsTsv(lens, layers, [p], source) : cellTsv(lens, l, p, source);
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  });
}
