import type { CellChunk } from '../generated/stratalens/v1/cells_pb.js';
import type { Column } from '../result/columns.js';
import { pointInWords } from '../result/read-point.js';
import { require } from './broken-stream.js';
import type { CellCodes } from './cell-codes.js';
import type { HeaderReader } from './header-reader.js';
import { type KnownIds, NewIds } from './known-ids.js';
import { LogCodes } from './log-codes.js';
import type { TargetReader } from './target-reader.js';

/** Reads the cell chunks of one lens. Differences are from the layer before, at the same position. */
export class CellReader {
  readonly #lastTargets: Int32Array; // [p * m]
  readonly #lastColumns: readonly Int32Array[]; // of each column, [p]

  /** @param lastPoint index of the last read point that the lens has */
  constructor(readonly head: HeaderReader, readonly targets: TargetReader, readonly references: KnownIds, readonly lastPoint: number) {
    const positions = head.positions.length;
    this.#lastTargets = new Int32Array(positions * head.header.targets.length);
    this.#lastColumns = head.columns.map(() => new Int32Array(positions));
  }

  /** Reads a chunk, whose positions are checked, into its layer. */
  read(chunk: CellChunk, to: CellCodes): void {
    const name = `cells of ${pointInWords(to.point)}`;
    const exact = chunk.logProbs.length > 0;
    this.#requireLengths(chunk, name, exact);
    this.head.vocabulary.add(chunk.newTokens);
    const ids = new NewIds(name, chunk.tokenIds);
    const values = new TargetValues(chunk, name, exact);
    for (let i = 0; i < chunk.positionCount; i++) {
      const codes = this.#readPredictions(chunk, to, i, ids, exact);
      this.#readTargets(chunk, to, i, codes, values);
    }
    ids.requireAllTaken();
    values.requireAllTaken();
    this.head.columns.forEach((column, s) => this.#readColumn(chunk, to, column, s, exact));
  }

  #requireLengths(chunk: CellChunk, name: string, exact: boolean): void {
    require(exact || this.head.mayBeCompact, () => `${name}: codes came, but float32 was asked for`);
    const [k, m, s] = [this.head.header.topK, this.head.header.targets.length, this.head.columns.length];
    const requireLength = (field: string, came: number, perPosition: number) => require(came === chunk.positionCount * perPosition,
      () => `${name}: ${field} has ${came} values where ${chunk.positionCount * perPosition} are promised`);
    requireLength('token_refs', chunk.tokenRefs.length, k);
    requireLength('target_ranks', chunk.targetRanks.length, m);
    requireLength('log_prob_codes', chunk.logProbCodes.length, exact ? 0 : k);
    requireLength('column_codes', chunk.columnCodes.length, exact ? 0 : s);
    requireLength('log_probs', chunk.logProbs.length, exact ? k : 0);
    requireLength('column_values', chunk.columnValues.length, exact ? s : 0);
    require((exact ? chunk.targetCodes : chunk.targetLogProbs).length === 0,
      () => `${name}: log-probabilities of targets came as codes and as float32`);
  }

  /** Reads the predictions of a cell, and gives their codes. */
  #readPredictions(chunk: CellChunk, to: CellCodes, i: number, ids: NewIds, exact: boolean): Int32Array {
    const k = this.head.header.topK;
    const cell = (chunk.firstPosition + i) * k;
    const codes = new Int32Array(k);
    let code = 0;
    for (let j = 0; j < k; j++) {
      const id = this.references.resolve(chunk.firstPosition + i, chunk.tokenRefs[i * k + j]!, ids);
      this.head.vocabulary.get(id);
      require(!to.ids.subarray(cell, cell + j).includes(id), () => `${ids.chunk}: token id ${id} came twice in a cell`);
      to.ids[cell + j] = id;
      if (exact) {
        to.logProbs[cell + j] = chunk.logProbs[i * k + j]!;
      } else {
        const difference = chunk.logProbCodes[i * k + j]!;
        require(difference >= 0, () => `${ids.chunk}: predictions are not best first`);
        code = LogCodes.CELL.add(code, difference, ids.chunk);
        to.logProbs[cell + j] = LogCodes.CELL.logProb(code);
      }
      codes[j] = code;
    }
    if (to.codes.length > 0) to.codes.set(codes, cell);
    return codes;
  }

  #readTargets(chunk: CellChunk, to: CellCodes, i: number, codes: Int32Array, values: TargetValues): void {
    const [position, m] = [chunk.firstPosition + i, this.head.header.targets.length];
    for (let j = 0; j < m; j++) {
      const at = position * m + j;
      const id = this.targets.id(j, position);
      to.targetRanks[at] = this.#rank(chunk, i, j, id !== undefined, values.chunk);
      if (id === undefined) {
        to.targetLogProbs[at] = NaN;
      } else {
        this.#readTarget(to, position, j, id, codes, values);
        if (to.targetCodes.length > 0) to.targetCodes[at] = this.#lastTargets[at]!;
      }
    }
  }

  #rank(chunk: CellChunk, i: number, j: number, exists: boolean, name: string): number {
    const rank = chunk.targetRanks[i * this.head.header.targets.length + j]!;
    const vocabulary = this.head.vocabularySize;
    require(exists ? rank >= 1 && rank <= vocabulary : rank === 0,
      () => `${name} give rank ${rank} to target ${j} at position ${this.head.positions[chunk.firstPosition + i]}, which ${exists ? `must be 1 .. ${vocabulary}` : 'does not exist'}`);
    return rank;
  }

  /** A target that is a prediction or an earlier target of the cell has its value from there. */
  #readTarget(to: CellCodes, position: number, j: number, id: number, codes: Int32Array, values: TargetValues): void {
    const [k, m] = [this.head.header.topK, this.head.header.targets.length];
    const at = position * m + j;
    const prediction = to.ids.subarray(position * k, (position + 1) * k).indexOf(id);
    if (prediction >= 0) {
      to.targetLogProbs[at] = to.logProbs[position * k + prediction]!;
      this.#lastTargets[at] = codes[prediction]!;
      return;
    }
    for (let earlier = 0; earlier < j; earlier++) {
      if (this.targets.id(earlier, position) === id) {
        to.targetLogProbs[at] = to.targetLogProbs[position * m + earlier]!;
        this.#lastTargets[at] = this.#lastTargets[position * m + earlier]!;
        return;
      }
    }
    const { logProb, code } = values.next(this.#lastTargets[at]!);
    to.targetLogProbs[at] = logProb;
    this.#lastTargets[at] = code;
  }

  #readColumn(chunk: CellChunk, to: CellCodes, column: Column, s: number, exact: boolean): void {
    const [values, last, count] = [to.columns.get(column.name)!, this.#lastColumns[s]!, chunk.positionCount];
    for (let i = 0; i < count; i++) {
      const at = chunk.firstPosition + i;
      if (exact) {
        last[at] = 0;
        values[at] = chunk.columnValues[s * count + i]!;
        continue;
      }
      const difference = chunk.columnCodes[s * count + i]!;
      if (this.#isAbsent(chunk, column, at)) {
        require(difference === 0, () => `cells of ${pointInWords(to.point)}: ${column.name} has a value where there is none`);
        values[at] = NaN;
      } else if (column.description.compactStep !== undefined) {
        last[at]! += difference;
        values[at] = last[at]! * column.description.compactStep;
      } else {
        last[at] = LogCodes.CELL.add(last[at]!, difference, `cells of ${pointInWords(to.point)}`);
        values[at] = LogCodes.CELL.value(last[at]!);
      }
    }
  }

  /** Where codes cannot say by themselves that there is no value: no layer follows the last one, and no token. */
  #isAbsent(chunk: CellChunk, { description }: Column, position: number): boolean {
    return (description.absentAtLastReadPoint && chunk.readPoint === this.lastPoint)
      || (description.absentAtLastToken && !this.head.hasNext(this.head.positions[position]!));
  }
}

/** The values of a chunk for targets that are not among the predictions of their cells, in order. */
class TargetValues {
  #taken = 0;

  constructor(readonly source: CellChunk, readonly chunk: string, readonly exact: boolean) {}

  get #listed(): readonly number[] {
    return this.exact ? this.source.targetLogProbs : this.source.targetCodes;
  }

  next(lastCode: number): { logProb: number; code: number } {
    require(this.#taken < this.#listed.length, () => `${this.chunk}: ${this.#listed.length} values of targets came where more are promised`);
    const value = this.#listed[this.#taken++]!;
    if (this.exact) return { logProb: value, code: 0 };
    const code = LogCodes.CELL.add(lastCode, value, this.chunk);
    return { logProb: LogCodes.CELL.logProb(code), code };
  }

  requireAllTaken(): void {
    require(this.#taken === this.#listed.length,
      () => `${this.chunk}: ${this.#listed.length} values of targets came where ${this.#taken} are promised`);
  }
}
