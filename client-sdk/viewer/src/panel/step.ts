import type { Run } from '../lens/lens.js';
import { shownLayers } from '../state/shown-layers.js';
import type { CellAddress, ViewState } from '../state/view-state.js';

/** The cell one row up or down, among the shown rows; undefined at the edge. */
export function layerStep(run: Run, view: ViewState, { layer, position }: CellAddress, by: 1 | -1): CellAddress | undefined {
  const shown = shownLayers(run.layers, view).map((l) => run.layers[l]!);
  const to = by > 0 ? shown.find((other) => other > layer) : shown.findLast((other) => other < layer);
  return to === undefined ? undefined : { layer: to, position };
}

/** The cell one column to the left or right; undefined at the edge. */
export function positionStep(run: Run, { layer, position }: CellAddress, by: 1 | -1): CellAddress | undefined {
  const to = by > 0 ? run.positions.find((other) => other > position) : run.positions.findLast((other) => other < position);
  return to === undefined ? undefined : { layer, position: to };
}
