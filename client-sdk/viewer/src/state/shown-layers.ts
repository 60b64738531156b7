import { blockOf, isInside } from '../lens/layers.js';
import type { ViewState } from './view-state.js';

/** Indexes into `layers` of the rows to show: every n-th block of the window, and always its last, with what is inside unless that is folded. */
export function shownLayers(layers: readonly number[], { stride, layerWindow, inside }: Pick<ViewState, 'stride' | 'layerWindow' | 'inside'>): number[] {
  const [first, last] = layerWindow ?? [-Infinity, Infinity];
  const blocks = [...new Set(layers.map(blockOf))].filter((block) => block >= first && block <= last);
  const shown = new Set(blocks.filter((block, place) => place % stride === 0 || block === blocks.at(-1)));
  const isFolded = inside === 'folded' && !layers.every(isInside);
  return layers.map((_, index) => index).filter((index) => shown.has(blockOf(layers[index]!)) && !(isFolded && isInside(layers[index]!)));
}

/** A note that rows are left out; undefined if none are. */
export function strideNote(stride: number): string | undefined {
  if (stride === 1) return undefined;
  const ordinal = stride === 2 ? '2nd' : stride === 3 ? '3rd' : `${stride}th`;
  return `every ${ordinal} layer`;
}
