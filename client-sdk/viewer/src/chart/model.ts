import type { Lens } from '../lens/lens.js';
import type { ChartQuantity, ViewState } from '../state/view-state.js';
import { comparedPositions, curve, subjects, type Curve, type Subject } from './curve.js';
import { describedIn, quantityOf, type Quantity } from './quantity.js';

/** The contents of a chart: a row of curves for each subject, with one curve for each loaded position. */
export interface Model {
  readonly quantity: ChartQuantity;
  /** Its description. */
  readonly described: Quantity;
  /** Indexes into `run.positions`. */
  readonly positions: readonly number[];
  readonly rows: readonly Row[];
  /** Compared columns that are not loaded yet. */
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
