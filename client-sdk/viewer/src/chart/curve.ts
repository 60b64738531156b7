import { positionIndex } from '../lens/address.js';
import { isInside } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import type { ChartQuantity, ViewState } from '../state/view-state.js';
import { isOfTokens } from './quantity.js';

/** The subject of a row of curves, one at each compared position. */
export type Subject =
  | { readonly kind: 'pin'; readonly place: number; readonly ids: readonly number[]; readonly color: number }
  | { readonly kind: 'target'; readonly place: number }
  | { readonly kind: 'cell' };

/** Values over the layers of the result; NaN means not recorded, which is not 0. */
export interface Curve {
  readonly subject: Subject;
  /** Index into `run.positions`. */
  readonly p: number;
  readonly values: Float64Array;
  /** Number of loaded layers without a value. */
  readonly gaps: number;
}

/** Positions that a chart compares, as indexes: first that of the selected cell, which is the main one. */
export function comparedPositions(lens: Lens, { positions, selected }: Pick<ViewState, 'positions' | 'selected'>): number[] {
  const all = selected ? [selected.position, ...positions] : positions;
  const known = [...new Set(all)].map((position) => positionIndex(lens.run, position)).filter((p) => p >= 0);
  return known.length > 0 ? known : [lens.run.positions.length - 1];
}

/** Subjects of a chart: pins for quantities of tokens, with targets for ranks; else the position itself. */
export function subjects(lens: Lens, { chartQuantity, pins }: Pick<ViewState, 'chartQuantity' | 'pins'>): Subject[] {
  if (!isOfTokens(chartQuantity)) return [{ kind: 'cell' }];
  const pinned = pins.map((pin, place): Subject => ({ kind: 'pin', place, ...pin }));
  if (chartQuantity !== 'rank') return pinned;
  return [...lens.run.targets.map((_, place): Subject => ({ kind: 'target', place })), ...pinned];
}

/** One curve. The column must be loaded. */
export function curve(lens: Lens, quantity: ChartQuantity, subject: Subject, p: number): Curve {
  const values = new Float64Array(lens.run.layers.length).fill(Number.NaN);
  let gaps = 0;
  for (let l = 0; l < lens.layersReady; l++) {
    if (isInside(lens.run.layers[l]!)) continue;
    values[l] = valueAt(lens, quantity, subject, l, p);
    if (Number.isNaN(values[l])) gaps++;
  }
  return { subject, p, values, gaps };
}

/** The trajectory of a hovered cell: of its best token, or of the quantity at its position. The column must be loaded. */
export function hoverCurve(lens: Lens, quantity: ChartQuantity, l: number, p: number): Curve {
  const ofTokens = isOfTokens(quantity);
  const ids = ofTokens ? [lens.prediction(l, p, 0).token.id] : [];
  return curve(lens, quantity, ofTokens ? { kind: 'pin', place: -1, ids, color: 0 } : { kind: 'cell' }, p);
}

function valueAt(lens: Lens, quantity: ChartQuantity, subject: Subject, l: number, p: number): number {
  switch (quantity) {
    case 'rank':
      if (subject.kind === 'target') return lens.targetRank(subject.place, l, p) || Number.NaN;
      return subject.kind === 'pin' ? bestRank(lens, subject.ids, l, p) : Number.NaN;
    case 'logProb':
      return subject.kind === 'pin' ? logSum(lens, subject.ids, l, p) : Number.NaN;
    case 'probability':
      return subject.kind === 'pin' ? Math.exp(logSum(lens, subject.ids, l, p)) : Number.NaN;
    default:
      return lens.statistic(quantity, l, p);
  }
}

/** ln of the summed probabilities; NaN if one of them is not recorded. */
function logSum(lens: Lens, ids: readonly number[], l: number, p: number): number {
  const logs = ids.map((id) => lens.logProb(id, l, p) ?? Number.NaN);
  const most = Math.max(...logs);
  if (!Number.isFinite(most)) return most;
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}

/** The best rank of a group. A token outside of the top-k ranks below all tokens in it; its exact rank is unknown. */
function bestRank(lens: Lens, ids: readonly number[], l: number, p: number): number {
  const ranks = ids.map((id) => rank(lens, id, l, p));
  const known = Math.min(...ranks.filter((each) => each > 0));
  const allKnown = ranks.every((each) => each > 0);
  return known <= ranked(lens) || allKnown ? known : Number.NaN;
}

/** Number of predictions whose place is their rank: of other rules, only the first. */
const ranked = ({ run }: Lens): number => (run.candidates === undefined ? run.k : 1);

/** Rank of a token that is a target or in the top-k; 0 if not recorded. */
function rank(lens: Lens, id: number, l: number, p: number): number {
  const target = lens.run.targets.findIndex(({ ids }) => ids[p] === id);
  if (target >= 0) return lens.targetRank(target, l, p);
  for (let place = 0; place < ranked(lens); place++) if (lens.prediction(l, p, place).token.id === id) return place + 1;
  return 0;
}
