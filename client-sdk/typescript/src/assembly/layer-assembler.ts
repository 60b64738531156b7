import type { CellChunk } from '../generated/stratalens/v1/cells_pb.js';
import { pointInWords } from '../result/read-point.js';
import { require } from './broken-stream.js';
import { allocateCells, type CellCodes } from './cell-codes.js';
import type { CellReader } from './cell-reader.js';

/** Puts the cell chunks of one lens together: layers in order of depth, each complete before the next. */
export class LayerAssembler {
  readonly layers: CellCodes[] = [];
  #current: CellCodes | undefined;
  /** Positions of the current layer that came. */
  #taken = 0;

  /** @param covered read points that the lens has, as ascending indices */
  constructor(readonly covered: readonly number[], readonly reader: CellReader) {}

  get isComplete(): boolean {
    return this.layers.length === this.covered.length;
  }

  /** What must come next, in words. */
  get expected(): string {
    const { points, positions } = this.reader.head;
    return `${pointInWords(points[this.covered[this.layers.length]!]!)} from position ${positions[this.#taken]}`;
  }

  /** Takes a chunk; gives its layer if that is complete now. */
  add(chunk: CellChunk): CellCodes | undefined {
    const { head } = this.reader;
    const point = head.points[chunk.readPoint];
    require(point !== undefined, () => `a chunk of read point ${chunk.readPoint} of ${head.points.length} came`);
    require(!this.isComplete, () => `a chunk of ${pointInWords(point)} came after the last layer`);
    require(chunk.readPoint === this.covered[this.layers.length] && chunk.firstPosition === this.#taken,
      () => `expected ${this.expected}, but ${pointInWords(point)} from position index ${chunk.firstPosition} came`);
    const left = head.positions.length - this.#taken;
    require(chunk.positionCount >= 1 && chunk.positionCount <= left,
      () => `a chunk of ${pointInWords(point)} has ${chunk.positionCount} positions where ${left} are left`);
    const layer = (this.#current ??= allocateCells(head, point));
    this.reader.read(chunk, layer);
    this.#taken += chunk.positionCount;
    if (this.#taken < head.positions.length) return undefined;
    this.layers.push(layer);
    this.#current = undefined;
    this.#taken = 0;
    return layer;
  }
}
