import type { Lens, Run, Statistic } from './lens.js';
import { decimal } from './numbers.js';

/** The statistic that turns a log-probability into a logit. */
export const LOG_SUM_EXP = 'log-sum-exp';

/** The distance of a layer from the next one; the largest step is a jump target. */
export const KL_FROM_NEXT = 'kl-from-next';

/** The statistic of a result with this name; undefined if there is none. */
export function statisticOf(run: Run, name: string): Statistic | undefined {
  return run.statistics.find((statistic) => statistic.name === name);
}

/** The logit of a token with this log-probability; NaN if the result cannot tell. */
export function logit(lens: Lens, logProb: number, l: number, p: number): number {
  return logProb + lens.statistic(LOG_SUM_EXP, l, p);
}

/** A label at the beginning of a line: `KL from final`. */
export function statisticName({ label }: Statistic): string {
  return `${label.slice(0, 1).toUpperCase()}${label.slice(1)}`;
}

/** Label and unit: `entropy (nats)`. */
export function statisticTitle({ label, unit }: Statistic): string {
  return unit === '' ? label : `${label} (${unit})`;
}

/** A value with its unit; `–` if there is none. */
export function statisticReading({ unit }: Statistic, value: number): string {
  const text = decimal(value);
  return Number.isNaN(value) || unit === '' ? text : `${text} ${unit}`;
}
