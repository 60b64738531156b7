import { targetName } from '../color/modes.js';
import type { Lens } from '../lens/lens.js';
import { decimal, grouped, percent } from '../lens/numbers.js';
import { LOG_SUM_EXP, logit, statisticName, statisticReading } from '../lens/statistics.js';
import { visibleText } from '../lens/visible-text.js';

/** The facts of a cell as names and values. Its column must be loaded. */
export function factsOf(lens: Lens, l: number, p: number): [string, string][] {
  const { token, logProb } = lens.prediction(l, p, 0);
  const facts: [string, string][] = [
    ['Probability', percent(Math.exp(logProb))],
    ['Log-probability', decimal(logProb)],
    ['Token', `${grouped(token.id)} ${rawText(token.raw)}`],
  ];
  const best = logit(lens, logProb, l, p);
  if (!Number.isNaN(best)) facts.splice(2, 0, ['Logit', decimal(best)]);
  lens.run.targets.forEach((target, index) => {
    const rank = lens.targetRank(index, l, p);
    const chance = percent(Math.exp(lens.targetLogProb(index, l, p)));
    if (rank > 0) facts.push([`Rank of ${targetName(target)}`, `${grouped(rank)} (${chance})`]);
  });
  for (const statistic of lens.run.statistics.filter(({ name }) => name !== LOG_SUM_EXP)) {
    const value = lens.statistic(statistic.name, l, p);
    if (!Number.isNaN(value)) facts.push([statisticName(statistic), statisticReading(statistic, value)]);
  }
  return facts;
}

function rawText(raw: string): string {
  return raw === '' ? '' : `“${visibleText(raw.slice(0, 60))}${raw.length > 60 ? '…' : ''}”`;
}
