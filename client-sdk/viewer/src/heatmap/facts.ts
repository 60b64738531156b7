import { targetName } from '../color/modes.js';
import type { Lens, StatisticName } from '../lens/lens.js';
import { decimal, grouped, percent } from '../lens/numbers.js';
import { visibleText } from '../lens/visible-text.js';

const STATISTICS: Record<StatisticName, string> = {
  entropy: 'Entropy',
  klFromFinal: 'KL to final',
  klFromNext: 'KL to next',
};

/** What a cell says about itself, as names and values; its numbers must be readable. */
export function factsOf(lens: Lens, l: number, p: number): [string, string][] {
  const { token, logProb } = lens.prediction(l, p, 0);
  const facts: [string, string][] = [
    ['Probability', percent(Math.exp(logProb))],
    ['Log-probability', decimal(logProb)],
    ['Logit', decimal(logProb + lens.logSumExp(l, p))],
    ['Token', `${grouped(token.id)} ${rawText(token.raw)}`],
  ];
  lens.run.targets.forEach((target, index) => {
    const rank = lens.targetRank(index, l, p);
    const chance = percent(Math.exp(lens.targetLogProb(index, l, p)));
    if (rank > 0) facts.push([`Rank of ${targetName(target)}`, `${grouped(rank)} (${chance})`]);
  });
  for (const name of lens.run.statistics) {
    const value = lens.statistic(name, l, p);
    if (!Number.isNaN(value)) facts.push([STATISTICS[name], `${decimal(value)} nats`]);
  }
  return facts;
}

function rawText(raw: string): string {
  return raw === '' ? '' : `“${visibleText(raw.slice(0, 60))}${raw.length > 60 ? '…' : ''}”`;
}
