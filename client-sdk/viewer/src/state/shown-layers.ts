import type { ViewState } from './view-state.js';

/** Indexes into `layers` of the rows to show: every n-th of the window, and always its last. */
export function shownLayers(layers: readonly number[], view: Pick<ViewState, 'stride' | 'layerWindow'>): number[] {
  const [first, last] = view.layerWindow ?? [-Infinity, Infinity];
  const inside = layers.map((_, index) => index).filter((index) => layers[index]! >= first && layers[index]! <= last);
  const shown = inside.filter((_, place) => place % view.stride === 0);
  const end = inside.at(-1);
  return end === undefined || shown.at(-1) === end ? shown : [...shown, end];
}

/** A note that rows are left out; undefined if none are. */
export function strideNote(stride: number): string | undefined {
  if (stride === 1) return undefined;
  const ordinal = stride === 2 ? '2nd' : stride === 3 ? '3rd' : `${stride}th`;
  return `every ${ordinal} layer`;
}
