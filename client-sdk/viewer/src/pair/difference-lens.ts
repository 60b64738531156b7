import type { Lens, Outcome, Prediction, PromptToken, Run, Statistic, Token } from '../lens/lens.js';
import { cut, visibleText } from '../lens/visible-text.js';
import { keysOf, leastTotalVariation, type KeyOf } from './distance.js';
import type { Pair } from './pair.js';

export const DISTANCE: Statistic = {
  name: 'total-variation',
  label: 'total variation, at least',
  unit: '',
  minimum: 0,
  maximum: 1,
  direction: 'more_is_surer',
  meaning: 'Least distance of the two distributions that fits what both results know: 0 equal, 1 nothing in common.',
  remark: undefined,
};

/** More of a token than a cell shows. */
const LONGEST = 40;

const NO_IDS = new Int32Array();

/**
 * The paired cells of two results as one result, for a map of what differs. Its layers and positions are those of the
 * first result, its statistic is the distance, and each cell has two predictions: the best token of either result.
 */
export class DifferenceLens implements Lens {
  readonly run: Run;
  readonly #ids = new Map<string, Token>();
  readonly #texts: Token[] = [];
  readonly #keyOf: KeyOf;
  readonly #distances: Float32Array;
  /** For which state of the results the distances are. */
  #computedAt = '';

  constructor(readonly pair: Pair) {
    const { a, b } = pair;
    const [first, second] = [a.run, b.run];
    this.#keyOf = keysOf([a, b], pair.oneVocabulary);
    this.#distances = new Float32Array(pair.layers.length * pair.positions.length);
    const model = { ...first.model, name: both(first.model.name, second.model.name), computeType: both(first.model.computeType, second.model.computeType) };
    this.run = {
      ...first,
      model: { ...model, revision: first.model.revision === second.model.revision ? first.model.revision : undefined },
      lens: both(first.lens, second.lens)!,
      approximate: first.approximate || second.approximate,
      prompt: undefined,
      tokens: this.#tokens(),
      layers: pair.layers.map(([l]) => first.layers[l]!),
      positions: pair.positions.map(([p]) => first.positions[p]!),
      k: 2,
      targets: [],
      statistics: [DISTANCE],
      hasTrajectories: false,
      finalTops: pair.positions.map(([p]) => first.finalTops[p]!),
    };
  }

  get layersReady(): number {
    const { a, b, layers } = this.pair;
    const ready = layers.findIndex(([one, other]) => one >= a.layersReady || other >= b.layersReady);
    return ready < 0 ? layers.length : ready;
  }

  get outcome(): Outcome | undefined {
    const [one, other] = [this.pair.a.outcome, this.pair.b.outcome];
    if (!one || !other) return undefined;
    const maxLogitDifference = Math.max(one.selfCheck.maxLogitDifference, other.selfCheck.maxLogitDifference);
    return { ...one, selfCheck: { ...one.selfCheck, maxLogitDifference, top1Agrees: one.selfCheck.top1Agrees && other.selfCheck.top1Agrees } };
  }

  isLoaded(p: number): boolean {
    const [one, other] = this.#position(p);
    return this.pair.a.isLoaded(one) && this.pair.b.isLoaded(other);
  }

  async load(from: number, to: number): Promise<void> {
    const { a, b, positions } = this.pair;
    const wanted = positions.slice(from, to);
    const [first, last] = [wanted[0], wanted.at(-1)];
    if (first && last) await Promise.all([a.load(first[0], last[0] + 1), b.load(first[1], last[1] + 1)]);
  }

  /** The maps of the results say it themselves. */
  show(): void {}

  prediction(l: number, p: number, place: number): Prediction {
    const { token, logProb } = this.best(l, p, place);
    return { token: this.#named(`${place === 0 ? 'A' : 'B'}:${token.text}`), logProb };
  }

  /** The best token of the first (place 0) or second result. */
  best(l: number, p: number, place: number): Prediction {
    const { a, b } = this.pair;
    return place === 0 ? a.prediction(this.#layer(l)[0], this.#position(p)[0], 0) : b.prediction(this.#layer(l)[1], this.#position(p)[1], 0);
  }

  /** The best token of both, or of each. */
  word(l: number, p: number): string {
    const [one, other] = [0, 1].map((place) => cut(visibleText(this.best(l, p, place).token.text.slice(0, 2 * LONGEST)), LONGEST)) as [string, string];
    return both(one, other, '|');
  }

  /** Whether both have the same best token. */
  agrees(l: number, p: number): boolean {
    return this.best(l, p, 0).token.text === this.best(l, p, 1).token.text;
  }

  /** Whether the change of the second result can reach a cell; undefined if it has none. */
  isReached(l: number, p: number): boolean | undefined {
    const edges = this.pair.b.outcome?.reached?.[this.#layer(l)[1]];
    // Stretches begin at even edges, and end at odd ones.
    return edges && Array.from(edges).filter((edge) => edge <= this.#position(p)[1]).length % 2 === 1;
  }

  statistic(name: string, l: number, p: number): number {
    if (name !== DISTANCE.name) return Number.NaN;
    const { a, b } = this.pair;
    const state = `${this.layersReady} ${a.outcome !== undefined} ${b.outcome !== undefined}`;
    if (state !== this.#computedAt) this.#distances.fill(Number.NaN);
    this.#computedAt = state;
    const at = p * this.pair.layers.length + l;
    if (Number.isNaN(this.#distances[at]!)) {
      const [[la, lb], [pa, pb]] = [this.#layer(l), this.#position(p)];
      this.#distances[at] = leastTotalVariation({ lens: a, l: la, p: pa }, { lens: b, l: lb, p: pb }, this.#keyOf);
    }
    return this.#distances[at]!;
  }

  targetRank(): number {
    return 0;
  }

  targetLogProb(): number {
    return Number.NaN;
  }

  tracked(): Int32Array {
    return NO_IDS;
  }

  logProb(): undefined {
    return undefined;
  }

  token(id: number): Token {
    return this.#texts[id] ?? outside('token', id);
  }

  vocabulary(): Iterable<Token> {
    return this.#texts;
  }

  onGrowth(listener: () => void): () => void {
    const ends = [this.pair.a.onGrowth(listener), this.pair.b.onGrowth(listener)];
    return () => ends.forEach((end) => end());
  }

  #layer(l: number) {
    return this.pair.layers[l] ?? outside('layer', l);
  }

  #position(p: number) {
    return this.pair.positions[p] ?? outside('position', p);
  }

  /** Tokens of the first prompt, with those of the second where they differ. */
  #tokens(): PromptToken[] {
    const { a, b, positions } = this.pair;
    const tokens = a.run.tokens.map((token): PromptToken => ({ ...token, id: -1 }));
    for (const [one, other] of positions) {
      const [at, there] = [a.run.positions[one]!, b.run.positions[other]!];
      tokens[at] = { ...tokens[at]!, text: both(tokens[at]!.text, b.run.tokens[there]!.text, '|') };
    }
    return tokens;
  }

  #named(text: string): Token {
    let token = this.#ids.get(text);
    if (token === undefined) {
      token = { id: this.#texts.length, raw: text, text };
      this.#ids.set(text, token);
      this.#texts.push(token);
    }
    return token;
  }
}

function both<T extends string | undefined>(one: T, other: T, between = ' and '): T {
  return (one === other || other === undefined ? one : one === undefined ? other : `${one}${between}${other}`) as T;
}

function outside(what: string, at: number): never {
  throw new RangeError(`${what} ${at} has no counterpart`);
}
