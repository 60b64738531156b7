import type { Lens, Outcome, Prediction, Run, Token } from './lens.js';

/** One layer over all positions. Arrays are `[position][k]`, `[position]` and `[position][target]`. */
export interface LayerRow {
  readonly ids: Int32Array;
  readonly logProbs: Float32Array;
  /** Each statistic that the run has, by name; NaN where a cell has none. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** 0 where a position has no such target. */
  readonly targetRanks: Int32Array;
  /** NaN where a position has no such target. */
  readonly targetLogProbs: Float32Array;
}

/** Tracked tokens of a position: ascending ids, and log-probabilities `[id][layer]`. */
export interface TrackedColumn {
  readonly ids: Int32Array;
  readonly logProbs: Float32Array;
}

const NO_IDS = new Int32Array();

/** A lens that fills while its run goes on: layer by layer, then the tracked tokens, then the outcome. */
export class GrowingLens implements Lens {
  readonly #rows: LayerRow[] = [];
  readonly #tracked: TrackedColumn[] = [];
  readonly #tokens: Map<number, Token>;
  readonly #listeners = new Set<() => void>();
  #outcome: Outcome | undefined;

  /** Lenses of one run may share the texts of ids. */
  constructor(
    readonly run: Run,
    tokens = new Map<number, Token>(),
  ) {
    this.#tokens = tokens;
    this.learn([...run.tokens, ...run.finalTops.map((top) => top.token)]);
  }

  /** Adds texts of ids. A row may only use ids whose text was added before. */
  learn(tokens: readonly Token[]): void {
    for (const { id, raw, text } of tokens) this.#tokens.set(id, { id, raw, text });
  }

  /** Adds the next layer. */
  addRow(row: LayerRow): void {
    if (this.#rows.length === this.run.layers.length) throw new RangeError('every layer is here');
    this.#rows.push(row);
    this.#grow();
  }

  /** Adds the tracked tokens of the next positions. Listeners are called only for the outcome. */
  addTracked(columns: readonly TrackedColumn[]): void {
    if (this.#tracked.length + columns.length > this.run.positions.length) throw new RangeError('every position is here');
    this.#tracked.push(...columns);
  }

  /** Adds the outcome of a run. */
  finish(outcome: Outcome): void {
    if (this.#rows.length !== this.run.layers.length) throw new RangeError(`only ${this.#rows.length} layers are here`);
    this.#outcome = outcome;
    this.#grow();
  }

  /** Size of the numbers in memory, in bytes. */
  get bytes(): number {
    let bytes = 0;
    for (const row of this.#rows) {
      for (const array of [row.ids, row.logProbs, row.targetRanks, row.targetLogProbs, ...row.statistics.values()]) {
        bytes += array.byteLength;
      }
    }
    for (const column of this.#tracked) bytes += column.ids.byteLength + column.logProbs.byteLength;
    return bytes;
  }

  get layersReady(): number {
    return this.#rows.length;
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  isLoaded(): boolean {
    return true;
  }

  load(): Promise<void> {
    return Promise.resolve();
  }

  show(): void {}

  prediction(l: number, p: number, place: number): Prediction {
    const row = this.#row(l);
    const k = this.run.k;
    if (!(place >= 0 && place < k)) throw new RangeError(`place ${place} is outside 0 .. ${k - 1}`);
    const at = this.#position(p) * k + place;
    return { token: this.token(row.ids[at]!), logProb: row.logProbs[at]! };
  }

  statistic(name: string, l: number, p: number): number {
    return this.#row(l).statistics.get(name)?.[this.#position(p)] ?? NaN;
  }

  targetRank(target: number, l: number, p: number): number {
    return this.#row(l).targetRanks[this.#targetCell(target, p)]!;
  }

  targetLogProb(target: number, l: number, p: number): number {
    return this.#row(l).targetLogProbs[this.#targetCell(target, p)]!;
  }

  tracked(p: number): Int32Array {
    return this.#tracked[this.#position(p)]?.ids ?? NO_IDS;
  }

  logProb(id: number, l: number, p: number): number | undefined {
    return this.#trackedLogProb(id, l, p) ?? this.#topLogProb(id, l, p) ?? this.#targetOf(id, l, p);
  }

  token(id: number): Token {
    const token = this.#tokens.get(id);
    if (token === undefined) throw new RangeError(`token id ${id} does not occur in this result`);
    return token;
  }

  vocabulary(): Iterable<Token> {
    return this.#tokens.values();
  }

  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #grow(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #row(l: number): LayerRow {
    const row = this.#rows[l];
    if (row === undefined) throw new RangeError(`layer index ${l} is not here yet; ${this.#rows.length} layers are`);
    return row;
  }

  #position(p: number): number {
    if (!(p >= 0 && p < this.run.positions.length)) {
      throw new RangeError(`position index ${p} is outside 0 .. ${this.run.positions.length - 1}`);
    }
    return p;
  }

  #targetCell(target: number, p: number): number {
    if (!(target >= 0 && target < this.run.targets.length)) throw new RangeError(`there is no target ${target}`);
    return this.#position(p) * this.run.targets.length + target;
  }

  #trackedLogProb(id: number, l: number, p: number): number | undefined {
    const column = this.#tracked[this.#position(p)];
    const at = column?.ids.indexOf(id) ?? -1;
    if (column === undefined || at < 0 || l >= this.#rows.length) return undefined;
    return column.logProbs[at * this.run.layers.length + l];
  }

  #topLogProb(id: number, l: number, p: number): number | undefined {
    const row = this.#row(l);
    for (let at = p * this.run.k; at < (p + 1) * this.run.k; at++) {
      if (row.ids[at] === id) return row.logProbs[at];
    }
    return undefined;
  }

  #targetOf(id: number, l: number, p: number): number | undefined {
    const target = this.run.targets.findIndex((one) => one.ids[p] === id);
    return target < 0 ? undefined : this.targetLogProb(target, l, p);
  }
}
