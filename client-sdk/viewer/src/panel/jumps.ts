import type { Lens } from '../lens/lens.js';
import { crystallization, firstAppearance, firstRankWithin, largestChange } from '../lens/milestones.js';
import type { ViewState } from '../state/view-state.js';

/** A turning point of a position's prediction. */
export interface Jump {
  readonly key: string;
  readonly name: () => string;
  readonly does: string;
  /** Index of its layer in a loaded column; undefined if there is none. */
  readonly find: (p: number) => number | undefined;
}

export function jumps(lens: Lens, state: () => ViewState): Jump[] {
  const { targets } = lens.run;
  const target = () => Math.min(state().target, targets.length - 1);
  return [
    { key: 'b', name: () => 'Largest change', does: 'the layer that changes the prediction most', find: (p) => largestChange(lens, p) },
    { key: 'a', name: () => 'First appearance', does: 'the first layer where the final token is best', find: (p) => firstAppearance(lens, p) },
    { key: 'x', name: () => 'Crystallization', does: 'the layer from which the final token stays best', find: (p) => crystallization(lens, p) },
    ...(targets.length === 0
      ? []
      : [{
          key: 'r',
          name: () => `Rank ≤ ${state().rankThreshold}`,
          does: 'the first layer where the target’s rank is within the threshold',
          find: (p: number) => firstRankWithin(lens, target(), state().rankThreshold, p),
        }]),
  ];
}
