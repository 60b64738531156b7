import type { Two } from './pair.js';

/** Largest table of the search. Beyond it, tokens between the common beginning and end are paired from the end. */
const MOST_CELLS = 2 ** 26;

/**
 * Pairs the tokens of two texts along a longest common subsequence, and tokens between common ones backward from their
 * ends: at the last token of a replaced name, the model has read the whole name. Swapped texts have the same pairs,
 * swapped; the SDK's comparison has them, too.
 */
export function commonTokens(a: readonly string[], b: readonly string[]): Two[] {
  // Which of several longest subsequences is found depends on the order of the texts, so this order is fixed.
  const swap = a.length !== b.length ? a.length > b.length : a.join('\0') > b.join('\0');
  return swap ? paired(b, a).map(([one, other]): Two => [other, one]) : paired(a, b);
}

function paired(a: readonly string[], b: readonly string[]): Two[] {
  const pairs: Two[] = [];
  let begin = 0;
  let [endA, endB] = [a.length, b.length];
  for (; begin < endA && begin < endB && a[begin] === b[begin]; begin++) pairs.push([begin, begin]);
  for (; endA > begin && endB > begin && a[endA - 1] === b[endB - 1]; endA--) endB--;
  let [lastA, lastB] = [begin, begin];
  const fromEnds = (toA: number, toB: number) => {
    for (let back = Math.min(toA - lastA, toB - lastB); back > 0; back--) pairs.push([toA - back, toB - back]);
  };
  for (const [i, j] of between(a.slice(begin, endA), b.slice(begin, endB))) {
    fromEnds(begin + i, begin + j);
    pairs.push([begin + i, begin + j]);
    [lastA, lastB] = [begin + i + 1, begin + j + 1];
  }
  fromEnds(endA, endB);
  for (let i = 0; endA + i < a.length; i++) pairs.push([endA + i, endB + i]);
  return pairs;
}

/** A longest common subsequence; of equal ones, that of the steps that shorten the first text. */
function between(a: readonly string[], b: readonly string[]): Two[] {
  const [rows, columns] = [a.length, b.length];
  if (rows * columns > MOST_CELLS) return [];
  const [BOTH, FIRST, SECOND] = [0, 1, 2];
  const steps = new Uint8Array(rows * columns);
  let above = new Int32Array(columns + 1);
  let lengths = new Int32Array(columns + 1);
  for (let i = 1; i <= rows; i++) {
    for (let j = 1; j <= columns; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isFirst = above[j]! >= lengths[j - 1]!;
      lengths[j] = isSame ? above[j - 1]! + 1 : isFirst ? above[j]! : lengths[j - 1]!;
      steps[(i - 1) * columns + j - 1] = isSame ? BOTH! : isFirst ? FIRST! : SECOND!;
    }
    [above, lengths] = [lengths, above];
  }
  const common: Two[] = [];
  for (let [i, j] = [rows, columns]; i > 0 && j > 0; ) {
    const step = steps[(i - 1) * columns + j - 1];
    if (step !== SECOND) i--;
    if (step !== FIRST) j--;
    if (step === BOTH) common.unshift([i, j]);
  }
  return common;
}
