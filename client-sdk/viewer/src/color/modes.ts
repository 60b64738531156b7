import type { Run, Statistic, Target } from '../lens/lens.js';
import { statisticName, statisticOf } from '../lens/statistics.js';
import { visibleText } from '../lens/visible-text.js';
import type { ColorMode } from '../state/view-state.js';

/** Modes of the page, before the statistics. */
const NAMES: ReadonlyMap<ColorMode, string> = new Map([
  ['top', 'Probability of the best token'],
  ['token', 'Probability of a token'],
  ['targetProbability', 'Probability of the target'],
  ['rank', 'Rank of the target'],
  ['agreement', 'Best token is the final token'],
]);

/** Name of a mode. */
export function modeName(mode: ColorMode, run: Run): string {
  const statistic = statisticOf(run, mode);
  return NAMES.get(mode) ?? (statistic ? statisticName(statistic) : mode);
}

/** Modes that a result has numbers for. */
export function modesOf(run: Run): ColorMode[] {
  const own = [...NAMES.keys()].filter((mode) => !needsTarget(mode) || run.targets.length > 0);
  return [...own, ...run.statistics.filter(hasScale).map(({ name }) => name).filter((name) => !NAMES.has(name))];
}

/** Whether a statistic has a scale before its numbers arrive: it needs a smallest value. */
function hasScale({ minimum }: Statistic): boolean {
  return minimum !== undefined;
}

/** Whether a mode colors by one of the targets. */
export function needsTarget(mode: ColorMode): boolean {
  return mode === 'targetProbability' || mode === 'rank';
}

/** A target in words. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case 'next_token':
      return 'next token';
    case 'final_top':
      return 'final best token';
    case 'id':
      return target.text === undefined ? `id ${target.tokenIds[0]}` : `“${visibleText(target.text)}”`;
    case 'text':
      return `“${visibleText(target.text ?? '')}”`;
  }
}
