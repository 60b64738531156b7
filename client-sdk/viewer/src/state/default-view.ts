import type { ViewState } from './view-state.js';

/** The view of a reader who has chosen nothing yet. */
export const DEFAULT_VIEW: ViewState = {
  title: '',
  theme: 'auto',
  color: 'top',
  target: 0,
  colorToken: undefined,
  rankThreshold: 10,
  stride: 1,
  layerWindow: undefined,
  inside: 'thin',
  down: 'layers',
  columnWidth: undefined,
  rowHeight: undefined,
  chartHeight: undefined,
  chartQuantity: 'probability',
  chartAxis: 'linear',
  selected: undefined,
  positions: [],
  pins: [],
  detail: 'auto',
  source: 'named',
};
