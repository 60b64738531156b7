import type { Lens, Statistic } from '../lens/lens.js';
import { decimal, grouped, percent } from '../lens/numbers.js';
import { statisticOf } from '../lens/statistics.js';
import { visibleText } from '../lens/visible-text.js';
import type { Ramp } from './scale.js';
import type { ViewState } from '../state/view-state.js';
import { modeName, modesOf, needsTarget, targetName } from './modes.js';

/** The meaning of the color of a cell. Call its functions only for cells whose column is loaded. */
export interface Coloring {
  /** Name, with the target or token. */
  readonly name: string;
  /** Level on the scale, 0 .. 1; undefined if the cell has no such number. */
  level(l: number, p: number): number | undefined;
  /** The number as text; undefined if the cell has none. */
  value(l: number, p: number): string | undefined;
  /** Marks of the legend. */
  readonly ticks: readonly Tick[];
  /** What a cell shows in place of its best token; undefined for that token. */
  word(l: number, p: number): string | undefined;
  /** `diverging`: a level of 0.5 is no difference. */
  readonly ramp: Ramp;
  /** Whether the scale has only the marked levels and none between them. */
  readonly discrete: boolean;
  /** Why some cells have no color; undefined if all have one. */
  readonly missing: string | undefined;
  /** Level of the threshold in the legend; cells above it are outlined. */
  readonly threshold: Tick | undefined;
  /** What the outlined cells are, in words; undefined if none are. */
  readonly outline: string | undefined;
  /** Whether a cell is inside of the outline; undefined if that is not known. */
  isInside(l: number, p: number): boolean | undefined;
}

export interface Tick {
  readonly level: number;
  readonly label: string;
}

/** Numbers and how they become a level and a text. */
export interface Measure {
  readonly name: string;
  readonly number: (l: number, p: number) => number | undefined;
  readonly level: (value: number) => number;
  readonly text: (value: number) => string;
  readonly ticks: readonly number[];
  /** Label of a tick, if it differs from the text of its value. */
  readonly mark?: (value: number) => string;
  readonly missing?: string;
  readonly threshold?: number;
  readonly discrete?: boolean;
  readonly word?: (l: number, p: number) => string | undefined;
  readonly ramp?: Ramp;
  /** What is outlined, where that is no threshold. */
  readonly outline?: string | undefined;
  readonly isInside?: (l: number, p: number) => boolean | undefined;
}

const NO_TARGET = 'no target there';

/**
 * The coloring of a view; that of the best token if the result has no numbers for the chosen mode.
 *
 * @param vocabularySize on which scales of ranks and statistics are based; maps side by side have one
 */
export function coloring(lens: Lens, view: ViewState, vocabularySize = lens.run.model.vocabularySize): Coloring {
  return colored(measureOf(lens, view, vocabularySize));
}

/** The coloring of a measure. */
export function colored(measure: Measure): Coloring {
  const tick = (value: number): Tick => ({ level: measure.level(value), label: (measure.mark ?? measure.text)(value) });
  const number = (l: number, p: number) => {
    const value = measure.number(l, p);
    return value === undefined || Number.isNaN(value) ? undefined : value;
  };
  const mapped = <T>(value: number | undefined, to: (value: number) => T) => (value === undefined ? undefined : to(value));
  const level = (l: number, p: number) => mapped(number(l, p), measure.level);
  const threshold = mapped(measure.threshold, tick);
  return {
    name: measure.name,
    level,
    value: (l, p) => mapped(number(l, p), measure.text),
    ticks: measure.ticks.map(tick),
    word: measure.word ?? (() => undefined),
    ramp: measure.ramp ?? 'sequential',
    discrete: measure.discrete ?? false,
    missing: measure.missing,
    threshold,
    outline: threshold ? `${threshold.label} or better` : measure.outline,
    isInside: threshold ? (l, p) => mapped(level(l, p), (value) => value >= threshold.level) : (measure.isInside ?? (() => undefined)),
  };
}

/** What a view measures in a result. */
export function measureOf(lens: Lens, view: ViewState, vocabularySize = lens.run.model.vocabularySize): Measure {
  const mode = modesOf(lens.run).includes(view.color) ? view.color : 'top';
  const target = Math.min(view.target, lens.run.targets.length - 1);
  const words = modeName(mode, lens.run);
  const name = needsTarget(mode) ? `${words}: ${targetName(lens.run.targets[target]!)}` : words;
  switch (mode) {
    case 'top':
      return probability(name, (l, p) => lens.prediction(l, p, 0).logProb);
    case 'token':
      return tokenProbability(lens, view.colorToken);
    case 'targetProbability':
      return { ...probability(name, (l, p) => lens.targetLogProb(target, l, p)), missing: NO_TARGET };
    case 'rank':
      return rank(name, lens, target, view.rankThreshold, vocabularySize);
    case 'agreement':
      return agreement(name, lens);
    default:
      return ofStatistic(name, lens, statisticOf(lens.run, mode)!, vocabularySize);
  }
}

function probability(name: string, logProb: (l: number, p: number) => number | undefined): Measure {
  return {
    name,
    number: (l, p) => {
      const value = logProb(l, p);
      return value === undefined ? undefined : Math.exp(value);
    },
    level: (value) => value,
    text: percent,
    ticks: [0, 0.5, 1],
    mark: (value) => `${100 * value} %`,
  };
}

function tokenProbability(lens: Lens, id: number | undefined): Measure {
  if (id === undefined) return probability('Probability of a token: choose one', () => undefined);
  const measure = probability(`Probability of ${quoted(lens, id)}`, (l, p) => lens.logProb(id, l, p));
  return { ...measure, missing: 'not recorded there' };
}

/** A view saved with another result may name a token that this result does not have. */
function quoted(lens: Lens, id: number): string {
  try {
    return `“${visibleText(lens.token(id).text)}”`;
  } catch {
    return `token ${id}`;
  }
}

/** Each decade as wide as the next; 1 is the strongest. */
function rank(name: string, lens: Lens, target: number, threshold: number, vocabularySize = 2): Measure {
  const worst = Math.max(2, vocabularySize);
  const number = (l: number, p: number) => lens.targetRank(target, l, p) || undefined;
  const decades = Array.from({ length: Math.ceil(Math.log10(worst)) }, (_, i) => 10 ** i);
  return {
    name,
    number,
    level: (value) => 1 - Math.log(value) / Math.log(worst),
    text: grouped,
    ticks: decades,
    missing: NO_TARGET,
    word: (l, p) => {
      const value = number(l, p);
      return value === undefined ? undefined : grouped(value);
    },
    threshold: Math.min(threshold, worst),
  };
}

function agreement(name: string, lens: Lens): Measure {
  return {
    name,
    number: (l, p) => (lens.prediction(l, p, 0).token.id === lens.run.finalTops[p]?.token.id ? 1 : 0),
    level: (value) => (value === 1 ? 0.72 : 0.03),
    text: (value) => (value === 1 ? 'the final token' : 'another'),
    ticks: [0, 1],
    discrete: true,
  };
}

/**
 * Makes the surer end the stronger one. The scale is even between a smallest and a largest value. Without a largest
 * value most numbers are small, so the scale is stretched below 1 and ends at ln V, which few exceed.
 */
function ofStatistic(name: string, lens: Lens, { name: key, unit, minimum = 0, maximum, direction }: Statistic, vocabularySize = 2): Measure {
  const even = maximum !== undefined;
  const width = even ? maximum - minimum : Math.log(vocabularySize);
  const place = (value: number) => (even ? (value - minimum) / width : Math.log1p(value - minimum) / Math.log1p(width));
  const steps = even ? [0, width / 2, width] : [0, 0.3, 1, 3, width].filter((step) => step <= width);
  return {
    name: unit === '' ? name : `${name}, ${unit}`,
    number: (l, p) => lens.statistic(key, l, p),
    level: direction === 'less_is_surer' ? (value) => 1 - place(value) : place,
    text: decimal,
    ticks: steps.map((step) => minimum + step),
    mark: (value) => String(Number(value.toFixed(1))),
  };
}
