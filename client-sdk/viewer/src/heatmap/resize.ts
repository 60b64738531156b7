import type { Store } from '../state/store.js';
import { anchoredOffset } from './geometry.js';
import type { Grid } from './grid.js';
import { fittingColumnWidth, fittingRowHeight } from './sizes.js';

/** Drags the edges of heads and labels. All columns, or all rows, change together. A double click fits them again. */
export function followEdges(grid: Grid, store: Store): void {
  const { element } = grid;

  element.addEventListener('pointerdown', (event) => {
    if (!grid.edge || event.button !== 0) return;
    event.preventDefault();
    // The element listens, since the handle may be reused elsewhere while columns come and go.
    element.setPointerCapture(event.pointerId);
    const drag = grid.edge === 'column' ? columnDrag(event) : rowDrag(event);
    element.classList.add('sl-dragging');
    element.addEventListener('pointermove', drag);
    const end = () => {
      element.classList.remove('sl-dragging');
      element.removeEventListener('pointermove', drag);
    };
    element.addEventListener('lostpointercapture', end, { once: true });
  });

  element.addEventListener('dblclick', () => {
    if (grid.edge === 'column') store.update({ columnWidth: undefined });
    else if (grid.edge === 'row') store.update({ rowHeight: undefined });
  });

  function columnDrag(start: PointerEvent): (event: PointerEvent) => void {
    const width = store.cellSize.value.columnWidth;
    const offset = element.scrollLeft;
    const right = start.clientX - element.getBoundingClientRect().left - grid.sizes.labelWidth + offset;
    const index = Math.max(0, Math.round(right / width) - 1);
    return (event) => {
      const after = fittingColumnWidth(width + event.clientX - start.clientX);
      store.update({ columnWidth: after });
      element.scrollLeft = anchoredOffset(index, width, after, offset);
    };
  }

  function rowDrag(start: PointerEvent): (event: PointerEvent) => void {
    const height = store.cellSize.value.rowHeight;
    const offset = element.scrollTop;
    const down = start.clientY - element.getBoundingClientRect().top - grid.sizes.headHeight + offset;
    const index = Math.max(0, Math.round(down / height) - 1);
    return (event) => {
      const after = fittingRowHeight(height + event.clientY - start.clientY);
      store.update({ rowHeight: after });
      element.scrollTop = anchoredOffset(index, height, after, offset);
    };
  }
}
