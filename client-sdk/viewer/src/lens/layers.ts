/**
 * A read point is a number: the layer after a block is the block's, the embedding is -1, and what is read inside a block lies between the
 * layer before and the block's own, in the order of computation. So read points are in order, and each is at its place on an axis of layers.
 */
const SITES = ['block_output', 'attention_output', 'attention_residual', 'feed_forward_output'];
const SHORT = ['', ' attn', ' mid', ' ff'];
const LONG = ['layer', 'attention of block', 'stream inside block', 'feed-forward of block'];

const site = (layer: number): number => (layer - Math.floor(layer)) * SITES.length;

/** The block of a layer, and of what is read inside of it; -1 for the embedding. */
export function blockOf(layer: number): number {
  return Math.ceil(layer);
}

/** Whether it is read inside a block. */
export function isInside(layer: number): boolean {
  return layer % 1 !== 0;
}

/** The number of a read point; undefined for a site that this page does not know. */
export function layerAt(name: string, block: number): number | undefined {
  if (name === 'embedding') return -1;
  const place = SITES.indexOf(name);
  return place < 0 ? undefined : block - (place && 1 - place / SITES.length);
}

/** A read point as files have it. */
export function readPoint(layer: number): { readonly block?: number; readonly site: string } {
  return layer === -1 ? { site: 'embedding' } : { block: blockOf(layer), site: SITES[site(layer)]! };
}

/** Name on axes: `emb`, `3`, `3 attn`. */
export function shortLayer(layer: number): string {
  return layer === -1 ? 'emb' : `${blockOf(layer)}${SHORT[site(layer)]}`;
}

/** Name in read-outs: `layer 3`, `attention of block 3`. */
export function longLayer(layer: number): string {
  return layer === -1 ? 'embedding' : `${LONG[site(layer)]} ${blockOf(layer)}`;
}
