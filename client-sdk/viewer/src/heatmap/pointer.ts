import type { Lens } from '../lens/lens.js';
import { toggled } from '../state/pins.js';
import type { Store } from '../state/store.js';
import type { Grid } from './grid.js';

/**
 * Pointer control of the grid: selects cells, chooses positions to compare, and sets the hovered cell.
 *
 * @returns whether the pointer is over the grid
 */
export function followPointer(grid: Grid, lens: Lens, store: Store): () => boolean {
  const { element } = grid;
  let last: { x: number; y: number } | undefined;

  const hover = () => {
    const place = last && grid.placeAt(last.x, last.y);
    const address = place && grid.address(place);
    const now = store.hover.value;
    if (now?.layer !== address?.layer || now?.position !== address?.position) store.hover.set(address);
  };

  element.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch' || event.buttons !== 0) return;
    last = { x: event.clientX, y: event.clientY };
    hover();
  });
  element.addEventListener('scroll', () => {
    if (last) hover();
  });
  element.addEventListener('pointerleave', () => {
    last = undefined;
    store.hover.set(undefined);
  });
  element.addEventListener('click', (event) => {
    if (grid.edge) return;
    const place = grid.placeAt(event.clientX, event.clientY);
    if (!place || grid.axes.tokenAt(place) < 0) return;
    grid.activate(place);
    const address = grid.address(place);
    if (address) store.update({ selected: address });
    else store.update({ positions: toggled(store.state.positions, lens.run.positions[grid.axes.tokenAt(place)]!) });
  });
  return () => last !== undefined;
}
