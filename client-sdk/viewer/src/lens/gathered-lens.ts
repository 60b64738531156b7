import type { Lens, Outcome, Prediction, PromptToken, Run, Token } from './lens.js';

/** The last position of a result, and what the result is called. */
export interface Gathered {
  readonly name: string;
  readonly lens: Lens;
}

/** Stands for the best token of each result: its curve is that of another token at each position. */
export const OWN_ANSWER = -1;

/**
 * The last positions of several results of one model as the positions of one result, so that a map and a chart show them
 * together. The results must be whole.
 */
export class GatheredLens implements Lens {
  readonly run: Run;
  readonly layersReady: number;
  readonly outcome: Outcome | undefined;

  constructor(readonly gathered: readonly [Gathered, ...Gathered[]]) {
    const [{ lens: first }] = gathered;
    this.layersReady = first.run.layers.length;
    const failed = gathered.find(({ lens }) => lens.outcome?.selfCheck.top1Agrees === false);
    this.outcome = (failed ?? gathered[0]).lens.outcome;
    this.run = {
      ...first.run,
      prompt: undefined,
      tokens: gathered.map(({ name }): PromptToken => ({ id: -2, raw: name, text: name, start: undefined, end: undefined })),
      positions: gathered.map((_, p) => p),
      k: Math.min(...gathered.map(({ lens }) => lens.run.k)),
      targets: [],
      finalTops: gathered.map(({ lens }) => lens.run.finalTops.at(-1)!),
    };
  }

  isLoaded(p: number): boolean {
    return this.#at(p).isLoaded(last(this.#at(p)));
  }

  async load(from: number, to: number): Promise<void> {
    await Promise.all(this.gathered.slice(from, to).map(({ lens }) => lens.load(last(lens), last(lens) + 1)));
  }

  show(): void {}

  prediction(l: number, p: number, place: number): Prediction {
    return this.#at(p).prediction(l, last(this.#at(p)), place);
  }

  statistic(name: string, l: number, p: number): number {
    return this.#at(p).statistic(name, l, last(this.#at(p)));
  }

  targetRank(): number {
    return 0;
  }

  targetLogProb(): number {
    return Number.NaN;
  }

  tracked(p: number): Int32Array {
    return this.#at(p).tracked(last(this.#at(p)));
  }

  logProb(id: number, l: number, p: number): number | undefined {
    return this.#at(p).logProb(id === OWN_ANSWER ? this.run.finalTops[p]!.token.id : id, l, last(this.#at(p)));
  }

  token(id: number): Token {
    if (id === OWN_ANSWER) return { id, raw: '', text: 'answer' };
    for (const { lens } of this.gathered) {
      try {
        return lens.token(id);
      } catch {
        // another result may have it
      }
    }
    throw new RangeError(`token id ${id} does not occur in these results`);
  }

  *vocabulary(): Iterable<Token> {
    const seen = new Set<number>();
    for (const { lens } of this.gathered) {
      for (const token of lens.vocabulary()) {
        if (!seen.has(token.id)) yield token;
        seen.add(token.id);
      }
    }
  }

  onGrowth(): () => void {
    return () => {};
  }

  #at(p: number): Lens {
    const { lens } = this.gathered[p] ?? outside(p);
    return lens;
  }
}

function last({ run }: Lens): number {
  return run.positions.length - 1;
}

function outside(p: number): never {
  throw new RangeError(`there is no position ${p}`);
}
