import type { TrajectoryChunk } from '../generated/stratalens/v1/cells_pb.js';
import { FINAL_TOP, NEXT_TOKEN } from '../request/target.js';
import type { Tracked } from '../result/result.js';
import { require } from './broken-stream.js';
import type { TrajectoryReader } from './trajectory-reader.js';

/**
 * Puts the trajectory chunks of one lens together: every position in order, in one chunk or more, and only tokens that are
 * tracked there. How many rows are missing is known at the end, so that a lost chunk is noticed.
 */
export class TrajectoryAssembler {
  readonly complete: Tracked[] = [];
  /** Tokens that are tracked everywhere: targets given by id or text. */
  readonly #named: readonly number[];
  /** Rows of the position that is read, by id; undefined before its first chunk. */
  #current: Map<number, Float32Array> | undefined;
  #union: ReadonlySet<number> = new Set();
  #missing = 0;

  constructor(readonly reader: TrajectoryReader) {
    this.#named = reader.targets.targets
      .filter(({ target }) => target !== NEXT_TOKEN && target !== FINAL_TOP)
      .map(({ encoding }) => encoding[0]!.id);
  }

  /** Whether a chunk of every position came. */
  get isComplete(): boolean {
    return this.complete.length + (this.#current === undefined ? 0 : 1) === this.#positions;
  }

  add(chunk: TrajectoryChunk): void {
    if (this.#current !== undefined && chunk.position === this.complete.length + 1) this.#closePosition(this.#current);
    const next = this.complete.length;
    require(chunk.position === next && next < this.#positions,
      () => `expected trajectories of position index ${next} of ${this.#positions}, but index ${chunk.position} came`);
    if (this.#current === undefined) {
      this.#union = this.#tracked(next);
      this.#current = new Map();
    }
    this.reader.read(chunk, this.#union, this.#current);
  }

  /** Closes the last position; gives the number of tracked tokens without trajectory. */
  finish(): number {
    if (this.#current !== undefined) this.#closePosition(this.#current);
    require(this.complete.length === this.#positions, () => `trajectories of ${this.complete.length} of ${this.#positions} positions came`);
    return this.#missing;
  }

  get #positions(): number {
    return this.reader.head.positions.length;
  }

  #closePosition(rows: ReadonlyMap<number, Float32Array>): void {
    this.#missing += this.#union.size - rows.size;
    const ids = [...rows.keys()].sort((one, other) => one - other);
    this.complete.push({ ids, logProbs: ids.map((id) => rows.get(id)!) });
    this.#current = undefined;
  }

  /** Tokens tracked at a position: the best of every block, and the named ones. */
  #tracked(position: number): ReadonlySet<number> {
    const k = this.reader.head.header.topK;
    const tops = this.reader.layers
      .filter(({ point }) => point.site === 'block-output')
      .flatMap(({ ids }) => [...ids.subarray(position * k, (position + 1) * k)]);
    return new Set([...tops, ...this.#named]);
  }
}
