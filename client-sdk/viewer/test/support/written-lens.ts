import type { Lens, Outcome, Prediction, Run, Target, Token } from '../../src/lens/lens.js';
import { DESCRIBED } from './statistics.js';

/** Numbers of a small result that a test can reckon with: probabilities[p][l][id] over a tiny vocabulary. */
export interface Written {
  readonly words: readonly string[];
  readonly probabilities: readonly (readonly (readonly number[])[])[];
  readonly layers?: readonly number[];
  readonly k?: number;
  readonly targets?: readonly Target[];
  /** Ids that are followed at each position. */
  readonly tracked?: readonly (readonly number[])[];
  readonly statistics?: Readonly<Record<string, (l: number, p: number) => number>>;
}

/** A lens over numbers that a test has written down; columns load when asked, layers come when told. */
export class WrittenLens implements Lens {
  readonly run: Run;
  layersReady: number;
  outcome: Outcome | undefined;
  readonly loads: [number, number][] = [];
  readonly #loaded = new Set<number>();
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly data: Written,
    loaded = true,
  ) {
    const { words, probabilities, targets = [], k = 2 } = data;
    const layers = data.layers ?? probabilities[0]!.map((_, l) => l);
    const positions = probabilities.map((_, p) => p);
    const tokens = positions.map((p) => ({ ...this.token(p % words.length), start: undefined, end: undefined }));
    this.run = {
      requestId: 'request', lens: 'logit', numberForm: 'exact', approximate: false, prompt: undefined, tokens, layers, positions, k, targets,
      model: {
        name: 'tiny', architecture: 'gpt2', layers: layers.at(-1)! + 1, hiddenSize: 8, vocabularySize: words.length,
        storedType: 'float32', computeType: 'float32', revision: '',
      },
      statistics: Object.keys(data.statistics ?? {}).map((name) => DESCRIBED[name]!),
      hasTrajectories: data.tracked !== undefined,
      finalTops: positions.map((p) => this.#best(layers.length - 1, p)[0]!),
    };
    this.layersReady = layers.length;
    if (loaded) positions.forEach((p) => this.#loaded.add(p));
  }

  /** The first so many layers are here, now. */
  grow(layersReady: number): void {
    this.layersReady = layersReady;
    for (const listener of [...this.#listeners]) listener();
  }

  isLoaded(p: number): boolean {
    return this.#loaded.has(p);
  }

  async load(from: number, to: number): Promise<void> {
    this.loads.push([from, to]);
    for (let p = from; p < to; p++) this.#loaded.add(p);
  }

  show(): void {}

  prediction(l: number, p: number, place: number): Prediction {
    this.#check(l, p);
    return this.#best(l, p)[place]!;
  }

  statistic(name: string, l: number, p: number): number {
    this.#check(l, p);
    if (name === 'log-sum-exp') return 3;
    return this.data.statistics?.[name]?.(l, p) ?? Number.NaN;
  }

  targetRank(target: number, l: number, p: number): number {
    this.#check(l, p);
    const id = this.run.targets[target]!.ids[p];
    const all = this.data.probabilities[p]![l]!;
    return id === undefined ? 0 : 1 + all.filter((other) => other > all[id]!).length;
  }

  targetLogProb(target: number, l: number, p: number): number {
    const id = this.run.targets[target]!.ids[p];
    return id === undefined ? Number.NaN : Math.log(this.data.probabilities[p]![l]![id]!);
  }

  tracked(p: number): Int32Array {
    return Int32Array.from(this.data.tracked?.[p] ?? []);
  }

  logProb(id: number, l: number, p: number): number | undefined {
    this.#check(l, p);
    const known =
      this.tracked(p).includes(id) ||
      this.run.targets.some(({ ids }) => ids[p] === id) ||
      this.#best(l, p).slice(0, this.run.k).some(({ token }) => token.id === id);
    return known ? Math.log(this.data.probabilities[p]![l]![id]!) : undefined;
  }

  token(id: number): Token {
    const text = this.data.words[id];
    if (text === undefined) throw new RangeError(`token id ${id} does not occur in this result`);
    return { id, raw: text.replace(' ', 'Ġ'), text };
  }

  vocabulary(): Token[] {
    return this.data.words.map((_, id) => this.token(id));
  }

  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #best(l: number, p: number): Prediction[] {
    const all = this.data.probabilities[p]![l]!;
    return all
      .map((probability, id) => ({ token: this.token(id), logProb: Math.log(probability) }))
      .sort((a, b) => b.logProb - a.logProb || a.token.id - b.token.id);
  }

  #check(l: number, p: number): void {
    if (l >= this.layersReady) throw new RangeError(`layer ${l} is not here`);
    if (!this.isLoaded(p)) throw new RangeError(`column ${p} is not loaded`);
  }
}
