import type { SweepHeader, SweepSummary } from '../generated/stratalens/v1/lens_service_pb.js';
import type { PromptToken } from './token.js';

/** A complete sweep: how much a change at each block and position moves a metric. */
export class SweepResult {
  /**
   * @param header the grid, the metric, and its value without a change
   * @param values the metric after each change, [layers * positions * heads]; heads = 1 unless each is changed alone
   */
  constructor(readonly header: SweepHeader, readonly tokens: readonly PromptToken[], readonly values: Float32Array, readonly summary: SweepSummary) {}

  /** The metric after a change at a block and a token position, of all heads together. @throws RangeError outside of the grid */
  at(layer: number, position: number): number {
    return this.values[this.#place(layer, position)]!;
  }

  /** The metric after a change of one head. @throws RangeError outside of the grid */
  atHead(layer: number, position: number, head: number): number {
    const place = this.header.heads.indexOf(head);
    if (place < 0) throw new RangeError(`head ${head} is not in the sweep; there are ${this.header.heads.join(', ') || 'none'}`);
    return this.values[this.#place(layer, position) + place]!;
  }

  #place(layer: number, position: number): number {
    const { layers, positions, heads } = this.header;
    const [row, column] = [layers.indexOf(layer), positions.indexOf(position)];
    if (row < 0 || column < 0) {
      throw new RangeError(`layer ${layer} at position ${position} is not in the sweep; there are ${layers.join(', ')} at ${positions.join(', ')}`);
    }
    return (row * positions.length + column) * Math.max(1, heads.length);
  }
}
