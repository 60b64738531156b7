import type { Lens, Run } from '../lens/lens.js';
import { decimal, grouped, percent } from '../lens/numbers.js';
import { statisticName, statisticOf, statisticTitle } from '../lens/statistics.js';
import type { ChartQuantity } from '../state/view-state.js';
import { linearScale, logScale, type Scale } from './scale.js';

export type Axis = 'linear' | 'log';

/** Quantities that a chart can show, with the layout of their axes. */
export interface Quantity {
  readonly name: string;
  /** Label of the axis. */
  readonly title: string;
  /** Possible axes, the usual one first. */
  readonly axes: readonly Axis[];
  /** A value in the legend. */
  readonly reading: (value: number) => string;
}

/** Those of tokens, before the statistics of cells. */
const OF_TOKENS: ReadonlyMap<ChartQuantity, Quantity> = new Map<ChartQuantity, Quantity>([
  ['probability', { name: 'Probability', title: 'probability', axes: ['linear', 'log'], reading: percent }],
  ['logProb', { name: 'Log-probability', title: 'log-probability (nats)', axes: ['linear'], reading: (value) => (value === -Infinity ? '−∞' : decimal(value)) }],
  ['rank', { name: 'Rank', title: 'rank (1 is best)', axes: ['log', 'linear'], reading: (value) => (Number.isNaN(value) ? '–' : grouped(value)) }],
]);

/** Whether a quantity is of a token, not of a cell. */
export function isOfTokens(quantity: ChartQuantity): boolean {
  return OF_TOKENS.has(quantity);
}

/** Description of a quantity that a result has. */
export function describedIn(run: Run, quantity: ChartQuantity): Quantity {
  const statistic = statisticOf(run, quantity);
  return OF_TOKENS.get(quantity) ?? {
    name: statistic ? statisticName(statistic) : quantity,
    title: statistic ? statisticTitle(statistic) : quantity,
    axes: statistic?.minimum === 0 ? ['linear', 'log'] : ['linear'],
    reading: decimal,
  };
}

/** The quantities that a result has. */
export function quantitiesOf(lens: Lens): ChartQuantity[] {
  return [...OF_TOKENS.keys(), ...lens.run.statistics.map(({ name }) => name).filter((name) => !OF_TOKENS.has(name))];
}

/** The quantity to draw: the chosen one if the result has it. */
export function quantityOf(lens: Lens, chosen: ChartQuantity): ChartQuantity {
  return quantitiesOf(lens).includes(chosen) ? chosen : 'probability';
}

/** The axis to draw: the chosen one if it is possible. */
export function axisOf({ axes }: Quantity, chosen: Axis): Axis {
  return axes.includes(chosen) ? chosen : axes[0]!;
}

/** A linear axis ends here or above; smaller numbers are hardly more than 0, and a logarithmic axis tells them apart. */
const LEAST_TOP = 0.01;

/**
 * The least value that is told apart from 0. On a logarithmic axis, smaller ones are no data: log-probabilities have all
 * their digits at any size, but V2 JSON has five decimals, and statistics are rounded to a step or, exact, to what is left
 * of a float32 after sums over a vocabulary.
 */
export function resolutionOf({ model, numberForm }: Run, quantity: ChartQuantity): number {
  if (quantity === 'rank') return 1;
  if (isOfTokens(quantity)) return model.vocabularySize === undefined ? 1e-5 : 1e-12;
  return numberForm === 'exact' ? 1e-6 : 2 ** -11;
}

/** An axis that shows all finite values; a logarithmic one those from the resolution on. */
export function scaleFor(quantity: ChartQuantity, axis: Axis, values: readonly number[], ticks: number, resolution = 0): Scale {
  const finite = values.filter(Number.isFinite);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  if (quantity === 'rank') return rankScale(axis, Math.max(2, finite.length > 0 ? high : 10), ticks);
  if (quantity === 'logProb') return linearScale(finite.reduce((a, b) => Math.min(a, b), -1e-3), 0, ticks);
  const low = finite.reduce((a, b) => Math.min(a, b), 0);
  if (low < 0) return linearScale(low, Math.max(0, high), ticks);
  // A flat line of tiny numbers must not look like a rise to the top.
  if (axis === 'linear') return linearScale(0, high > 0 ? Math.max(high, LEAST_TOP) : 1, ticks);
  const top = high > 0 ? high : 1;
  // Twelve powers of ten are enough; smaller values are drawn at the bottom.
  const least = finite.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), top);
  return logScale(Math.min(top, Math.max(least, top * 1e-12, resolution)), top, ticks);
}

/** A value on the axis. */
export function tickLabel(quantity: ChartQuantity, value: number): string {
  const part = quantity === 'probability' && (value >= 1e-5 || value === 0);
  const shown = part ? Number((100 * value).toPrecision(6)) : value;
  const small = Math.abs(shown) < 1e-3 && shown !== 0;
  return (small ? shown.toExponential() : shown >= 10_000 ? grouped(shown) : String(shown)).replace('-', '−') + (part ? ' %' : '');
}

/** Best at the top; begins at 1, not at 0. */
function rankScale(axis: Axis, worst: number, ticks: number): Scale {
  const scale = axis === 'log' ? logScale(1, worst, ticks) : linearScale(0, worst, ticks);
  const best = scale.at(1);
  return {
    at: (value) => 1 - (scale.at(value) - best) / (1 - best),
    ticks: [1, ...scale.ticks.filter((value) => value > 1)],
  };
}
