import type { TrajectoryChunk } from '../generated/stratalens/v1/cells_pb.js';
import { require } from './broken-stream.js';
import type { CellCodes } from './cell-codes.js';
import type { HeaderReader } from './header-reader.js';
import { type KnownIds, NewIds } from './known-ids.js';
import { LogCodes } from './log-codes.js';
import type { TargetReader } from './target-reader.js';

/** A token over the layers of a lens: its log-probabilities, and its codes in the cells that have it. */
interface Row {
  readonly logProbs: Float32Array;
  readonly codes: (number | undefined)[];
}

/** Reads the trajectory chunks of one lens: what cell chunks have sent is taken from there. */
export class TrajectoryReader {
  constructor(
    readonly head: HeaderReader,
    readonly targets: TargetReader,
    readonly references: KnownIds,
    readonly layers: readonly CellCodes[],
  ) {}

  /**
   * Adds the tokens of a chunk with their values, one a layer.
   *
   * @param union the tokens that are tracked at the position
   * @param into those of the position, by id
   */
  read(chunk: TrajectoryChunk, union: ReadonlySet<number>, into: Map<number, Float32Array>): void {
    const name = `trajectories of position ${this.head.positions[chunk.position]}`;
    this.head.vocabulary.add(chunk.newTokens);
    const rows = new Map<number, Row>();
    for (const id of this.#ids(chunk, name)) {
      this.head.vocabulary.get(id);
      require(!rows.has(id), () => `${name}: token id ${id} came twice`);
      require(union.has(id), () => `${name}: token ${id} came, but is in no top-k there and not named`);
      rows.set(id, { logProbs: new Float32Array(this.layers.length), codes: new Array<undefined>(this.layers.length).fill(undefined) });
    }
    this.layers.forEach((cells, layer) => this.#takeFromCells(cells, layer, chunk.position, rows));
    this.#readRest(chunk, name, rows);
    for (const [id, { logProbs }] of rows) {
      require(!into.has(id), () => `token ${id} has two trajectories at position ${this.head.positions[chunk.position]}`);
      into.set(id, logProbs);
    }
  }

  #ids(chunk: TrajectoryChunk, name: string): readonly number[] {
    const fresh = new NewIds(name, chunk.tokenIds);
    require(!chunk.allTokens || chunk.tokenRefs.length === 0, () => `${name}: all tokens and references came`);
    const ids = chunk.allTokens
      ? this.references.all(chunk.position)
      : chunk.tokenRefs.map((reference) => this.references.resolve(chunk.position, reference, fresh));
    fresh.requireAllTaken();
    return ids;
  }

  #takeFromCells(cells: CellCodes, layer: number, position: number, rows: ReadonlyMap<number, Row>): void {
    const take = (id: number | undefined, logProb: number, code: number) => {
      const row = id === undefined ? undefined : rows.get(id);
      if (row === undefined) return;
      row.logProbs[layer] = logProb;
      row.codes[layer] = code;
    };
    const [k, m] = [this.head.header.topK, this.head.header.targets.length];
    for (let at = position * k; at < (position + 1) * k; at++) take(cells.ids[at], cells.logProbs[at]!, cells.codes[at]!);
    for (let target = 0; target < m; target++) {
      const at = position * m + target;
      take(this.targets.id(target, position), cells.targetLogProbs[at]!, cells.targetCodes[at]!);
    }
  }

  #readRest(chunk: TrajectoryChunk, name: string, rows: ReadonlyMap<number, Row>): void {
    const exact = chunk.logProbs.length > 0;
    const values = exact ? chunk.logProbs : chunk.logProbCodes;
    const missing = [...rows.values()].reduce((sum, { codes }) => sum + codes.filter((code) => code === undefined).length, 0);
    require(values.length === missing, () => `${name}: ${values.length} values came where ${missing} are promised`);
    require(!exact || chunk.logProbCodes.length === 0, () => `${name}: values came as codes and as float32`);
    require(exact || values.length === 0 || this.head.mayBeCompact, () => `${name}: codes came, but float32 was asked for`);
    let next = 0;
    for (const { logProbs, codes } of rows.values()) {
      let code = 0;
      codes.forEach((sent, layer) => {
        if (sent !== undefined) {
          code = sent >> LogCodes.SHIFT;
        } else if (exact) {
          logProbs[layer] = values[next++]!;
        } else {
          code = LogCodes.TRAJECTORY.add(code, values[next++]!, name);
          logProbs[layer] = LogCodes.TRAJECTORY.logProb(code);
        }
      });
    }
  }
}
