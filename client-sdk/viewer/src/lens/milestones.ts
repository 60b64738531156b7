import { isInside } from './layers.js';
import type { Lens } from './lens.js';
import { KL_FROM_NEXT, statisticOf } from './statistics.js';

/** The states of the stream among the loaded rows. */
function states(lens: Lens): number[] {
  return lens.run.layers.map((_, l) => l).filter((l) => l < lens.layersReady && !isInside(lens.run.layers[l]!));
}

/** The blocks among them; the embedding does not count. */
function blocks(lens: Lens): number[] {
  return states(lens).filter((l) => lens.run.layers[l]! >= 0);
}

/**
 * Index of the first block from which the best token is the model's own and stays so; undefined if there is none, or if
 * it is not yet known.
 */
export function crystallization(lens: Lens, p: number): number | undefined {
  return settled(lens, p, lens.run.finalTops[p]?.token.id);
}

/** The same of a token: index of the first block from which it is the best one and stays so. */
export function settled(lens: Lens, p: number, id: number | undefined): number | undefined {
  if (lens.layersReady < lens.run.layers.length) return undefined;
  let found: number | undefined;
  for (const l of blocks(lens).reverse()) {
    if (lens.prediction(l, p, 0).token.id !== id) break;
    found = l;
  }
  return found;
}

/** Index of the first block whose best token is the model's own. */
export function firstAppearance(lens: Lens, p: number): number | undefined {
  return blocks(lens).find((l) => agrees(lens, l, p));
}

/** Index of the first block where a target's rank is at most the threshold. */
export function firstRankWithin(lens: Lens, target: number, threshold: number, p: number): number | undefined {
  if (target >= lens.run.targets.length) return undefined;
  return blocks(lens).find((l) => {
    const rank = lens.targetRank(target, l, p);
    return rank > 0 && rank <= threshold;
  });
}

/**
 * Index of the layer that differs most from the one before it: by the KL between them if the result has it, else by the
 * total change of the log-probabilities of the best tokens of both layers.
 */
export function largestChange(lens: Lens, p: number): number | undefined {
  const steps = statisticOf(lens.run, KL_FROM_NEXT) !== undefined;
  let best: number | undefined;
  let most = 0;
  states(lens).forEach((l, place, all) => {
    const last = all[place - 1];
    if (last === undefined) return;
    // The statistic compares with the next row, which may be inside a block.
    const change = steps && last === l - 1 ? lens.statistic(KL_FROM_NEXT, last, p) : topsMoved(lens, last, l, p);
    if (change > most) [best, most] = [l, change];
  });
  return best;
}

function topsMoved(lens: Lens, last: number, l: number, p: number): number {
  const tops = new Set([lens.prediction(last, p, 0).token.id, lens.prediction(l, p, 0).token.id]);
  let moved = 0;
  for (const id of tops) {
    const before = lens.logProb(id, last, p);
    const after = lens.logProb(id, l, p);
    if (before !== undefined && after !== undefined) moved += Math.abs(after - before);
  }
  return moved;
}

function agrees(lens: Lens, l: number, p: number): boolean {
  return lens.prediction(l, p, 0).token.id === lens.run.finalTops[p]?.token.id;
}
