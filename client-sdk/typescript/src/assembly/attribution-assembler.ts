import { Site, type AttributedLogitsChunk, type AttributionChunk } from '../generated/stratalens/v1/lens_pb.js';
import { Attribution } from '../result/attribution.js';
import type { Info } from '../result/info.js';
import { siteName, type ReadPoint } from '../result/read-point.js';
import { brokenStream, require } from './broken-stream.js';
import type { HeaderReader } from './header-reader.js';

/** Consecutive values of consecutive positions. */
class PositionValues {
  readonly values: number[] = [];
  positions = 0;

  add(all: number, first: number, count: number, values: readonly number[]): void {
    require(first === this.positions && count >= 1 && count <= all - this.positions,
      () => `expected an attribution from position index ${this.positions} of ${all}, but ${count} from index ${first} came`);
    this.positions += count;
    for (const value of values) this.values.push(value);
  }
}

const BRANCHES: ReadonlySet<Site> = new Set([Site.EMBEDDING, Site.ATTENTION_OUTPUT, Site.FEED_FORWARD_OUTPUT]);

/** Puts the chunks of an attribution together: part by part, each with all positions in order, then the logits. */
export class AttributionAssembler {
  readonly #shares: PositionValues[] = [];
  readonly #biases = new PositionValues();
  readonly #logits = new PositionValues();

  constructor(readonly head: HeaderReader) {}

  addShares(chunk: AttributionChunk): void {
    const parts = this.head.header.attributedParts;
    const last = this.#shares.at(-1);
    if (last === undefined || last.positions === this.#positions) this.#shares.push(new PositionValues());
    const next = this.#shares.length - 1;
    const part = parts[next];
    require(chunk.part === next && part !== undefined && this.#logits.positions === 0,
      () => `expected part ${next} of the attribution, but ${chunk.part} of ${parts.length} came`);
    const [logits, shares] = [chunk.positionCount * this.head.header.targets.length, chunk.shares.length];
    require(part.site === Site.ATTENTION_HEADS ? logits > 0 && shares >= logits && shares % logits === 0 : shares === logits,
      () => `part ${next} of the attribution has ${shares} shares for ${logits} logits`);
    this.#shares[next]!.add(this.#positions, chunk.firstPosition, chunk.positionCount, chunk.shares);
  }

  addLogits(chunk: AttributedLogitsChunk): void {
    const logits = chunk.positionCount * this.head.header.targets.length;
    require(chunk.biasShares.length === logits && chunk.logits.length === logits,
      () => `${logits} attributed logits came with ${chunk.biasShares.length} biases and ${chunk.logits.length} logits`);
    this.#biases.add(this.#positions, chunk.firstPosition, chunk.positionCount, chunk.biasShares);
    this.#logits.add(this.#positions, chunk.firstPosition, chunk.positionCount, chunk.logits);
  }

  /** All of it; refuses what is not complete. */
  finish(info: Info, largestDifference: number): Attribution {
    const wanted = this.head.header.attributedParts;
    require(this.#shares.length === wanted.length && [...this.#shares, this.#logits].every(({ positions }) => positions === this.#positions),
      () => `the attribution is not complete: ${this.#shares.length} of ${wanted.length} parts and ${this.#logits.positions} of ${this.#positions} logits came`);
    const parts: ReadPoint[] = [];
    const shares: Float32Array[] = [];
    const heads = new Map<number, Float32Array>();
    wanted.forEach(({ block, site }, i) => {
      const values = Float32Array.from(this.#shares[i]!.values);
      const name = siteName(site);
      if (site === Site.ATTENTION_HEADS) {
        heads.set(block, values);
      } else if (name !== undefined && BRANCHES.has(site)) {
        parts.push({ block, site: name });
        shares.push(values);
      } else {
        throw brokenStream(`a part of the attribution is at the site ${site}`);
      }
    });
    const arrays = { shares, heads, biases: Float32Array.from(this.#biases.values), logits: Float32Array.from(this.#logits.values) };
    return new Attribution(info, parts, arrays, largestDifference);
  }

  get #positions(): number {
    return this.head.positions.length;
  }
}
