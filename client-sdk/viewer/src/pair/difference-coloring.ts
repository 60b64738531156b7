import { colored, measureOf, type Coloring, type Measure } from '../color/coloring.js';
import { modesOf } from '../color/modes.js';
import { decimal } from '../lens/numbers.js';
import type { ViewState } from '../state/view-state.js';
import { DISTANCE, type DifferenceLens } from './difference-lens.js';

/**
 * The colors of a difference: of the number that both maps show, the second minus the first; the distance of the
 * distributions where they show the best tokens.
 */
export function differenceColoring(lens: DifferenceLens, first: ViewState, second: ViewState): Coloring {
  const { a, b } = lens.pair;
  const isOfBest = ['top', 'agreement'].includes(first.color) || ![a, b].every(({ run }) => modesOf(run).includes(first.color));
  const word = (l: number, p: number) => lens.word(l, p);
  const outline = b.outcome?.reached && 'within reach of the change';
  return colored({ ...(isOfBest ? distance(lens) : difference(lens, measureOf(a, first), measureOf(b, second), first)), word, outline, isInside: (l, p) => lens.isReached(l, p) });
}

function distance(lens: DifferenceLens): Measure {
  return {
    name: `Total variation, at least`,
    number: (l, p) => lens.statistic(DISTANCE.name, l, p),
    level: (value) => value,
    text: decimal,
    ticks: [0, 0.5, 1],
    mark: String,
  };
}

/** Even on both sides of 0; ranks by powers of ten, and what has no largest value stretched near 0. */
function difference(lens: DifferenceLens, one: Measure, other: Measure, { color }: ViewState): Measure {
  const { layers, positions } = lens.pair;
  const isRank = color === 'rank';
  const scaled = (value: number | undefined) => (value === undefined ? Number.NaN : isRank ? Math.log10(value) : value);
  const isShare = one.ticks.at(-1) === 1;
  const widest = Math.max(...[one, other].map(({ ticks }) => Math.max(...ticks.map(Math.abs))));
  const end = isRank ? Math.log10(widest) + 1 : Math.max(widest, 1e-9);
  const side = (value: number) => (isShare || isRank ? value / end : (Math.sign(value) * Math.log1p(Math.abs(value))) / Math.log1p(end));
  return {
    name: `B − A: ${one.name.slice(0, 1).toLowerCase()}${one.name.slice(1)}${isRank ? ', powers of ten' : ''}`,
    number: (l, p) => scaled(other.number(layers[l]![1], positions[p]![1])) - scaled(one.number(layers[l]![0], positions[p]![0])),
    level: (value) => (1 + Math.min(1, Math.max(-1, side(value)))) / 2,
    text: (value) => (value > 0 ? '+' : '') + decimal(value),
    ticks: [-end, 0, end],
    mark: (value) => `${value > 0 ? '+' : ''}${String(Number(value.toFixed(1))).replace('-', '−')}`,
    missing: 'not in both',
    ramp: 'diverging',
  };
}
