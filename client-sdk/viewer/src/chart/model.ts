import type { Lens } from '../lens/lens.js';
import type { ChartQuantity, ViewState } from '../state/view-state.js';
import { comparedPositions, curve, subjects, type Curve, type Subject } from './curve.js';
import { describedIn, quantityOf, type Quantity } from './quantity.js';

/** What a chart shows: a row of curves for each subject, one curve for each compared position that is loaded. */
export interface Model {
  readonly quantity: ChartQuantity;
  /** What is known of it. */
  readonly described: Quantity;
  /** Indexes into `run.positions`. */
  readonly positions: readonly number[];
  readonly rows: readonly Row[];
  /** Compared columns that have to be loaded first. */
  readonly missing: readonly number[];
}

export interface Row {
  readonly subject: Subject;
  readonly curves: readonly Curve[];
}

export function model(lens: Lens, state: ViewState): Model {
  const quantity = quantityOf(lens, state.chartQuantity);
  const compared = comparedPositions(lens, state);
  const positions = compared.filter((p) => lens.isLoaded(p));
  const rows = subjects(lens, { ...state, chartQuantity: quantity }).map((subject) => ({
    subject,
    curves: positions.map((p) => curve(lens, quantity, subject, p)),
  }));
  return { quantity, described: describedIn(lens.run, quantity), positions, rows, missing: compared.filter((p) => !lens.isLoaded(p)) };
}
