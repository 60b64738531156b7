import type { Lens } from '../lens/lens.js';
import type { Store } from '../state/store.js';
import type { Grid } from './grid.js';

/** Dragging over the heads of layers shows only those; a double click on one shows all again. */
export function followLayers(grid: Grid, lens: Lens, store: Store): void {
  const { element } = grid;

  element.addEventListener('pointerdown', (event) => {
    const first = grid.layerAt(event.clientX, event.clientY);
    if (first === undefined || grid.edge || event.button !== 0) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    let last = first;
    const drag = (move: PointerEvent) => {
      // Along the heads, wherever the pointer strays across.
      const [x, y] = grid.axes.isTokensDown ? [move.clientX, event.clientY] : [event.clientX, move.clientY];
      last = grid.layerAt(x, y) ?? last;
      grid.markLayers(Math.min(first, last), Math.max(first, last));
    };
    const end = () => {
      element.removeEventListener('pointermove', drag);
      grid.markLayers(0, -1);
      if (last === first) return;
      const layer = (index: number) => lens.run.layers[grid.axes.layers[index]!]!;
      store.update({ layerWindow: [layer(Math.min(first, last)), layer(Math.max(first, last))] });
    };
    element.addEventListener('pointermove', drag);
    element.addEventListener('lostpointercapture', end, { once: true });
  });

  element.addEventListener('dblclick', (event) => {
    if (!grid.edge && grid.layerAt(event.clientX, event.clientY) !== undefined) store.update({ layerWindow: undefined });
  });
}
