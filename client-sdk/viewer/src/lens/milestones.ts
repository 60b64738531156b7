import type { Lens } from './lens.js';
import { KL_FROM_NEXT, statisticOf } from './statistics.js';

/** The blocks among the loaded layers; the embedding does not count. */
function blocks(lens: Lens): number[] {
  return lens.run.layers.map((_, l) => l).filter((l) => l < lens.layersReady && lens.run.layers[l]! >= 0);
}

/**
 * Index of the first block from which the best token is the model's own and stays so; undefined if there is none, or if
 * it is not yet known.
 */
export function crystallization(lens: Lens, p: number): number | undefined {
  if (lens.layersReady < lens.run.layers.length) return undefined;
  let found: number | undefined;
  for (const l of blocks(lens).reverse()) {
    if (!agrees(lens, l, p)) break;
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
  for (let l = 1; l < lens.layersReady; l++) {
    const change = steps ? lens.statistic(KL_FROM_NEXT, l - 1, p) : topsMoved(lens, l, p);
    if (change > most) [best, most] = [l, change];
  }
  return best;
}

function topsMoved(lens: Lens, l: number, p: number): number {
  const tops = new Set([lens.prediction(l - 1, p, 0).token.id, lens.prediction(l, p, 0).token.id]);
  let moved = 0;
  for (const id of tops) {
    const before = lens.logProb(id, l - 1, p);
    const after = lens.logProb(id, l, p);
    if (before !== undefined && after !== undefined) moved += Math.abs(after - before);
  }
  return moved;
}

function agrees(lens: Lens, l: number, p: number): boolean {
  return lens.prediction(l, p, 0).token.id === lens.run.finalTops[p]?.token.id;
}
