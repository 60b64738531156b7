import type { WantedTarget } from '../request/target.js';
import { columnOf, type StatisticName } from './columns.js';
import type { Info } from './info.js';
import { layerOf, type ReadPoint } from './read-point.js';
import type { Prediction } from './token.js';

/** The numbers of one lens at one read point, row-major; p = positions, k = predictions per cell, m = targets. */
export interface LayerArrays {
  /** The best tokens, [p * k], best first; ties by lower id. */
  readonly ids: Int32Array;
  /** Their log-probabilities, [p * k]. */
  readonly logProbs: Float32Array;
  /** Ranks of the targets, [p * m]: 1 = best, 0 = the position has no such target. */
  readonly targetRanks: Int32Array;
  /** Their log-probabilities, [p * m]; NaN = the position has no such target. */
  readonly targetLogProbs: Float32Array;
  /** Columns by name, [p]; NaN = no value. */
  readonly columns: ReadonlyMap<StatisticName, Float32Array>;
}

/** What one lens says at one read point. */
export class Layer {
  /** @param lens index into `info.lenses` */
  constructor(readonly info: Info, readonly lens: number, readonly point: ReadPoint, readonly arrays: LayerArrays) {}

  /** The number of the layer, or of the block that the read point is in; -1 for the embedding. */
  get number(): number {
    return layerOf(this.point);
  }

  /** The best tokens of a token position, best first. */
  top(position: number): Prediction[] {
    const from = this.info.positionIndex(position) * this.info.topK;
    return Array.from({ length: this.info.topK }, (_, i) => ({
      token: this.info.token(this.arrays.ids[from + i]!),
      logProb: this.arrays.logProbs[from + i]!,
    }));
  }

  /** The best token of a token position. */
  best(position: number): Prediction {
    return this.top(position)[0]!;
  }

  /** A number of a cell; NaN = no value. @throws RangeError if the column was not asked for */
  statistic(name: StatisticName, position: number): number {
    return this.column(name)[this.info.positionIndex(position)]!;
  }

  /** A column of the layer, [p]. @throws RangeError if it was not asked for */
  column(name: StatisticName): Float32Array {
    const values = this.arrays.columns.get(columnOf(name).name);
    if (values === undefined) throw new RangeError(`the statistic '${name}' was not asked for; there are ${[...this.arrays.columns.keys()].join(', ') || 'none'}`);
    return values;
  }

  /** The rank of a target, 1 = best; undefined if the position has no such target. */
  rank(target: WantedTarget, position: number): number | undefined {
    return this.arrays.targetRanks[this.#place(target, position)] || undefined;
  }

  /** The log-probability of a target; undefined if the position has no such target. */
  targetLogProb(target: WantedTarget, position: number): number | undefined {
    const value = this.arrays.targetLogProbs[this.#place(target, position)]!;
    return Number.isNaN(value) ? undefined : value;
  }

  #place(target: WantedTarget, position: number): number {
    return this.info.positionIndex(position) * this.info.targets.length + this.info.targetIndex(target);
  }
}
