import type { Lens, Run } from './lens.js';

/** Index of a layer number in `run.layers`; -1 if the result has no such layer. */
export function layerIndex(run: Run, layer: number): number {
  return indexIn(run.layers, layer);
}

/** Index of a token position in `run.positions`; -1 if the result has no such position. */
export function positionIndex(run: Run, position: number): number {
  return indexIn(run.positions, position);
}

/** Indexes of a cell whose numbers can be read now; undefined if there is none, or not yet. */
export function readable(lens: Lens, cell: { readonly layer: number; readonly position: number } | undefined): { readonly l: number; readonly p: number } | undefined {
  const [l, p] = cell ? [layerIndex(lens.run, cell.layer), positionIndex(lens.run, cell.position)] : [-1, -1];
  return l >= 0 && p >= 0 && l < lens.layersReady && lens.isLoaded(p) ? { l, p } : undefined;
}

/** Index of a number in an ascending list; -1 if it is not there. */
export function indexIn(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ascending[middle]!;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
