import type { WantedTarget } from '../request/target.js';
import type { Info } from './info.js';
import { isSamePoint, pointInWords, type ReadPoint } from './read-point.js';

/** The numbers of an attribution; p = positions, m = targets. */
export interface AttributionArrays {
  /** Of each part, [p * m]. */
  readonly shares: readonly Float32Array[];
  /** Of the attention heads of each block that has them, [p * m * heads]. */
  readonly heads: ReadonlyMap<number, Float32Array>;
  /** [p * m]. */
  readonly biases: Float32Array;
  /** [p * m]. */
  readonly logits: Float32Array;
}

/**
 * How much each part of the model writes toward the logit of each target. The shares of all parts and the bias make the
 * logit, before a softcap. NaN = the position has no such target.
 */
export class Attribution {
  /** @param parts in order of computation: the embedding, and what the branches of the blocks add */
  constructor(
    readonly info: Info,
    readonly parts: readonly ReadPoint[],
    readonly arrays: AttributionArrays,
    /** Largest difference of a logit from the sum of its shares, after the softcap. */
    readonly largestDifference: number,
  ) {}

  /** The share of a part. @throws RangeError if it is none of `parts` */
  share(part: ReadPoint, target: WantedTarget, position: number): number {
    const index = this.parts.findIndex((each) => isSamePoint(each, part));
    if (index < 0) throw new RangeError(`${pointInWords(part)} is no part of this attribution, which has ${this.parts.map(pointInWords).join(', ')}`);
    return this.arrays.shares[index]![this.#place(target, position)]!;
  }

  /** The number of attention heads of a block with shares of their own. */
  heads(block: number): number {
    return (this.arrays.heads.get(block)?.length ?? 0) / this.arrays.logits.length;
  }

  /** The share of an attention head. @throws RangeError if the block has no such head */
  headShare(block: number, head: number, target: WantedTarget, position: number): number {
    const heads = this.heads(block);
    if (!(head >= 0 && head < heads)) throw new RangeError(`block ${block} has no head ${head} in this attribution, but ${heads} heads`);
    return this.arrays.heads.get(block)![this.#place(target, position) * heads + head]!;
  }

  /** The share of the biases of the final norm and of the head. */
  biasShare(target: WantedTarget, position: number): number {
    return this.arrays.biases[this.#place(target, position)]!;
  }

  /** The model's own logit of a target, after its softcap. */
  logit(target: WantedTarget, position: number): number {
    return this.arrays.logits[this.#place(target, position)]!;
  }

  #place(target: WantedTarget, position: number): number {
    return this.info.positionIndex(position) * this.info.targets.length + this.info.targetIndex(target);
  }
}
