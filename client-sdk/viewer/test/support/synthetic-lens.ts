import type { Lens, Outcome, Prediction, Run, Token } from '../../src/lens/lens.js';
import { DESCRIBED } from './statistics.js';

export interface Synthetic {
  readonly layers?: number;
  /** What is read, as numbers of layers.ts; all layers where absent. */
  readonly readPoints?: readonly number[];
  readonly tokens?: readonly string[];
  /** Milliseconds that loading takes; loaded from the start where absent. */
  readonly delay?: number;
  /** Columns from here on are damaged. */
  readonly damagedFrom?: number;
  /** Rows that are here at first; all where absent. */
  readonly ready?: number;
}

const WORDS = [' Paris', ' the', ' France', ' a', ',', ' capital', '\n', ' Lyon', ' is', ' located', ' now', ' city', ' known'];
const VOCABULARY = 50257;
const K = 5;

/** A lens whose numbers are made up and repeatable: what a test needs of a result, with no server and no file. */
export class SyntheticLens implements Lens {
  readonly run: Run;
  readonly outcome: Outcome | undefined = undefined;
  layersReady: number;
  readonly #loaded: Set<number>;
  readonly #words: readonly string[];
  readonly #delay: number | undefined;
  readonly #damagedFrom: number;
  readonly #listeners = new Set<() => void>();
  /** How often columns were asked for. */
  loads = 0;

  constructor({ layers = 12, readPoints = Array.from({ length: layers }, (_, l) => l), tokens = ['The', ' capital', ' of', ' France', ' is'], delay, damagedFrom, ready }: Synthetic = {}) {
    this.#delay = delay;
    this.#words = [...WORDS, ...tokens];
    this.#damagedFrom = damagedFrom ?? Infinity;
    this.layersReady = ready ?? readPoints.length;
    const positions = tokens.map((_, p) => p);
    this.#loaded = new Set(delay === undefined && damagedFrom === undefined ? positions : []);
    this.run = {
      requestId: 'synthetic',
      model: {
        name: 'synthetic',
        architecture: 'synthetic',
        layers,
        hiddenSize: 8,
        vocabularySize: VOCABULARY,
        storedType: 'float32',
        computeType: 'float32',
        revision: '',
      },
      lens: 'logit', numberForm: 'exact',
      approximate: false,
      prompt: tokens.join(''),
      tokens: tokens.map((text, id) => ({ id, raw: raw(text), text, start: undefined, end: undefined })),
      layers: readPoints,
      positions,
      k: K,
      targets: [
        { kind: 'text', text: ' Paris', tokenIds: [0], ids: positions.map(() => 0) },
        { kind: 'next_token', text: undefined, tokenIds: [], ids: positions.map((p) => (p + 1 < tokens.length ? p + 1 : undefined)) },
      ],
      statistics: Object.values(DESCRIBED),
      hasTrajectories: true,
      finalTops: positions.map((p) => this.#predicted(readPoints.length - 1, p, 0, readPoints.length)),
    };
  }

  isLoaded(p: number): boolean {
    return this.#loaded.has(p);
  }

  async load(from: number, to: number): Promise<void> {
    this.loads++;
    if (this.#delay !== undefined) await new Promise((resolve) => setTimeout(resolve, this.#delay));
    if (to > this.#damagedFrom) throw new Error(`columns ${from} to ${to - 1} are damaged; write the file again`);
    for (let p = from; p < to; p++) this.#loaded.add(p);
  }

  show(): void {}

  prediction(l: number, p: number, place: number): Prediction {
    this.#check(l, p);
    return this.#predicted(l, p, place, this.run.layers.length);
  }

  statistic(name: string, l: number, p: number): number {
    this.#check(l, p);
    const last = this.run.layers.length - 1;
    if (name === 'log-sum-exp') return 12 + noise(l, p, 5);
    if (name === 'kl-from-next' && l === last) return NaN;
    return (name === 'entropy' ? 9 : name === 'kl-from-final' ? 12 : 2) * (1 - l / last) * (0.5 + noise(l, p, 7) / 2);
  }

  targetRank(target: number, l: number, p: number): number {
    this.#check(l, p);
    if (this.run.targets[target]!.ids[p] === undefined) return 0;
    const depth = 1 - l / (this.run.layers.length - 1);
    return 1 + Math.floor((VOCABULARY - 1) ** (depth * (0.4 + 0.6 * noise(p, target, 3))) - 1);
  }

  targetLogProb(target: number, l: number, p: number): number {
    return this.run.targets[target]!.ids[p] === undefined ? NaN : -Math.log(this.targetRank(target, l, p)) - 0.5;
  }

  tracked(): Int32Array {
    return new Int32Array(0);
  }

  logProb(id: number, l: number, p: number): number | undefined {
    for (let place = 0; place < K; place++) {
      const { token, logProb } = this.prediction(l, p, place);
      if (token.id === id) return logProb;
    }
    return undefined;
  }

  token(id: number): Token {
    const text = this.#words[id];
    if (text === undefined) throw new RangeError(`token ${id} does not occur in this result`);
    return { id, raw: raw(text), text };
  }

  vocabulary(): Token[] {
    return this.#words.map((_, id) => this.token(id));
  }

  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One more layer has come. */
  grow(): void {
    this.layersReady++;
    for (const listener of [...this.#listeners]) listener();
  }

  #predicted(l: number, p: number, place: number, layers: number): Prediction {
    const words = this.#words.length;
    const settled = l > layers * (0.5 + 0.4 * noise(p, 0, 1));
    const best = settled ? Math.floor(noise(p, 1, 2) ** 3 * WORDS.length) : Math.floor(noise(l >> 1, p, 4) * words);
    const id = (best + place) % words;
    const probability = settled ? 0.4 + 0.55 * noise(p, 2, 6) * (l / layers) : 0.02 + (0.3 * noise(l, p, 8) * l) / layers;
    return { token: this.token(id), logProb: Math.log(probability) - place };
  }

  #check(l: number, p: number): void {
    if (l >= this.layersReady || !this.#loaded.has(p)) throw new RangeError(`cell ${l}, ${p} cannot be read yet`);
  }
}

function raw(text: string): string {
  return text.replace(/^ /, 'Ġ').replace(/\n/g, 'Ċ');
}

/** 0 .. 1, the same for the same numbers. */
function noise(...numbers: number[]): number {
  let hash = 2166136261;
  for (const number of numbers) hash = Math.imul(hash ^ (number + 77), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
