import type { Lens } from '../lens/lens.js';

/** A tracked 0 means only that the probability is below the resolution of the numbers. */
const COARSEST = 5e-7;

/**
 * Error of sums of float32 probabilities. Both remainders are increased by it, so that the quotient of two small
 * remainders does not claim too much.
 */
const ROUNDING = 2e-6;

/** A cell: a result with indexes of a layer and a position. */
export interface Cell {
  readonly lens: Lens;
  readonly l: number;
  readonly p: number;
}

/** The key of a token in both results; undefined if it is not compared. */
export type KeyOf = (lens: Lens, id: number) => number | string | undefined;

interface Known {
  readonly byKey: ReadonlyMap<number | string, number>;
  /** Largest probability of a token that is not known. */
  readonly least: number;
}

/**
 * The least total variation of the distributions of two cells, 0 .. 1. The tokens that both results know, those that one
 * knows, and the rest are outcomes; what is not known is divided so that it differs least. The SDK's comparison computes
 * the same number.
 */
export function leastTotalVariation(a: Cell, b: Cell, keyOf: KeyOf): number {
  const [here, there] = [knownIn(a, keyOf), knownIn(b, keyOf)];
  let [shared, sharedA, sharedB, onlyA, onlyB, countA, countB] = [0, 0, 0, 0, 0, 0, 0];
  for (const [key, p] of here.byKey) {
    const q = there.byKey.get(key);
    if (q === undefined) [onlyA, countA] = [onlyA + p, countA + 1];
    else [shared, sharedA, sharedB] = [shared + Math.abs(p - q) / 2, sharedA + p, sharedB + q];
  }
  for (const [key, q] of there.byKey) if (!here.byKey.has(key)) [onlyB, countB] = [onlyB + q, countB + 1];
  const restA = Math.max(0, 1 - sharedA - onlyA) + ROUNDING;
  const restB = Math.max(0, 1 - sharedB - onlyB) + ROUNDING;
  const mostX = Math.min(restB, countA * there.least);
  const mostY = Math.min(restA, countB * here.least);
  // x of B falls on tokens that only A knows, and y of A on those that only B knows.
  const unclear = (x: number, y: number) => (Math.abs(onlyA - x) + Math.abs(y - onlyB) + Math.abs(restA - y - (restB - x))) / 2;
  const quotient = (onlyA + restA) / (onlyB + restB);
  const [x, y] = [onlyA / quotient, onlyB * quotient];
  const part = (some: number, whole: number) => (whole > 0 ? some / whole : 0);
  const least = x <= mostX && y <= mostY
    ? unclear(x, y)
    : Math.min(
        unclear(mostX, Math.min(mostY, onlyB * part(restA, onlyB + restB - mostX))),
        unclear(Math.min(mostX, onlyA * part(restB, onlyA + restA - mostY)), mostY),
      );
  return Math.min(1, shared + least);
}

/** The probabilities that a result has of a cell: of tracked tokens, targets and predictions. */
function knownIn({ lens, l, p }: Cell, keyOf: KeyOf): Known {
  const byKey = new Map<number | string, number>();
  const add = (id: number, logProb: number) => {
    const key = keyOf(lens, id);
    if (key !== undefined && !Number.isNaN(logProb)) byKey.set(key, Math.exp(logProb));
  };
  for (const id of lens.tracked(p)) {
    const logProb = lens.logProb(id, l, p) ?? Number.NaN;
    add(id, logProb === -Infinity ? Math.log(COARSEST) : logProb);
  }
  let least = 1;
  for (let place = 0; place < lens.run.k; place++) {
    const { token, logProb } = lens.prediction(l, p, place);
    add(token.id, logProb);
    if (place === 0 || lens.run.candidates === undefined) least = Math.exp(logProb);
  }
  lens.run.targets.forEach(({ ids }, target) => {
    if (ids[p] !== undefined) add(ids[p], lens.targetLogProb(target, l, p));
  });
  return { byKey, least };
}

/** Ids of one vocabulary; else texts. A text that several ids of one result have is not compared. */
export function keysOf(lenses: readonly Lens[], oneVocabulary: boolean): KeyOf {
  if (oneVocabulary) return (_, id) => id;
  const unclear = new Set<string>();
  for (const lens of lenses) {
    const seen = new Set<string>();
    for (const { text } of lens.vocabulary()) (seen.has(text) ? unclear : seen).add(text);
  }
  return (lens, id) => {
    const { text } = lens.token(id);
    return unclear.has(text) ? undefined : text;
  };
}
