import type { Lens } from '../lens/lens.js';
import type { Store } from '../state/store.js';
import type { Grid } from './grid.js';

/** Dragging over labels shows only those layers; a double click on a label shows all again. */
export function followLabels(grid: Grid, lens: Lens, store: Store): void {
  const { element } = grid;

  element.addEventListener('pointerdown', (event) => {
    const first = grid.labelAt(event.clientX, event.clientY);
    if (first === undefined || grid.edge || event.button !== 0) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    let last = first;
    const drag = (move: PointerEvent) => {
      last = grid.labelAt(event.clientX, move.clientY) ?? last;
      grid.markRows(Math.min(first, last), Math.max(first, last));
    };
    const end = () => {
      element.removeEventListener('pointermove', drag);
      grid.markRows(0, -1);
      if (last === first) return;
      const layer = (row: number) => lens.run.layers[grid.layers[row]!]!;
      store.update({ layerWindow: [layer(Math.min(first, last)), layer(Math.max(first, last))] });
    };
    element.addEventListener('pointermove', drag);
    element.addEventListener('lostpointercapture', end, { once: true });
  });

  element.addEventListener('dblclick', (event) => {
    if (!grid.edge && grid.labelAt(event.clientX, event.clientY) !== undefined) store.update({ layerWindow: undefined });
  });
}
