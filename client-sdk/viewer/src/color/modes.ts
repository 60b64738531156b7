import type { Run, Target } from '../lens/lens.js';
import { visibleText } from '../lens/visible-text.js';
import type { ColorMode } from '../state/view-state.js';

const NAMES: Record<ColorMode, string> = {
  top: 'Probability of the best token',
  token: 'Probability of a token',
  targetProbability: 'Probability of the target',
  rank: 'Rank of the target',
  entropy: 'Entropy',
  klFromFinal: 'KL to the final layer',
  klFromNext: 'KL to the next layer',
  agreement: 'Best token is the final one',
};

/** What a mode colours by, in words. */
export function modeName(mode: ColorMode): string {
  return NAMES[mode];
}

/** The modes that a result has numbers for. */
export function modesOf(run: Run): ColorMode[] {
  return (Object.keys(NAMES) as ColorMode[]).filter((mode) => isPossible(mode, run));
}

/** Whether a mode means one of the targets. */
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

function isPossible(mode: ColorMode, run: Run): boolean {
  switch (mode) {
    case 'targetProbability':
    case 'rank':
      return run.targets.length > 0;
    case 'entropy':
    case 'klFromFinal':
    case 'klFromNext':
      return run.statistics.has(mode);
    default:
      return true;
  }
}
