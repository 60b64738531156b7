import { cellsTsv, cellTsv } from '../export/tsv.js';
import type { Lens } from '../lens/lens.js';
import type { Store } from '../state/store.js';
import { sourceOf } from '../export/source.js';
import type { Grid } from './grid.js';

/**
 * Copies the cell at the keyboard's place, or all cells of a token's head, to the clipboard, unless a text is selected.
 *
 * @returns a function that ends it
 */
export function copyText(grid: Grid, lens: Lens, store: Store): () => void {
  const copy = (event: ClipboardEvent) => {
    const { layers } = grid.axes;
    const l = layers[grid.axes.layerAt(grid.active)];
    const p = grid.axes.tokenAt(grid.active);
    if (document.activeElement !== grid.element || !event.clipboardData || getSelection()?.type === 'Range' || !lens.isLoaded(p)) return;
    if (l !== undefined && l >= lens.layersReady) return;
    const source = sourceOf(lens, store.state);
    const text = l === undefined ? cellsTsv(lens, layers, [p], source) : cellTsv(lens, l, p, source);
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  };
  // Firefox tells the body of it, not the element with the focus.
  document.addEventListener('copy', copy);
  return () => document.removeEventListener('copy', copy);
}
