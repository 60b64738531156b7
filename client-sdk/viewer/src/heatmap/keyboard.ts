import type { Lens } from '../lens/lens.js';
import { toggled, withPinToggled } from '../state/pins.js';
import type { Store } from '../state/store.js';
import type { Grid } from './grid.js';
import { placeAfter } from './geometry.js';
import { fittingColumnWidth, fittingRowHeight } from './sizes.js';

/** Keyboard control of the grid: move, and act on a cell. */
export function followKeys(grid: Grid, lens: Lens, store: Store, escape: () => void): void {
  grid.element.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey) return;
    const place = placeAfter(event.key, event.ctrlKey, grid.active, grid.geometry, grid.page);
    if (place) {
      grid.activate(place);
      grid.reveal();
      store.hover.set(grid.address(place));
    } else if (event.ctrlKey || !act(event.key)) {
      return;
    }
    event.preventDefault();
  });

  function act(key: string): boolean {
    const address = grid.address(grid.active);
    const { pins, positions } = store.state;
    const { columnWidth, rowHeight } = store.cellSize.value;
    switch (key) {
      case 'Enter':
      case ' ':
        if (address) store.update({ selected: address });
        else store.update({ positions: toggled(positions, lens.run.positions[grid.axes.tokenAt(grid.active)]!) });
        return true;
      case 'Escape':
        escape();
        store.hover.set(undefined);
        store.update({ selected: undefined });
        return true;
      case 'p':
        if (best() !== undefined) store.update({ pins: withPinToggled(pins, best()!) });
        return true;
      case 'c':
        if (best() !== undefined) store.update({ color: 'token', colorToken: best() });
        return true;
      case '[':
      case ']':
        store.update({ columnWidth: fittingColumnWidth(columnWidth * (key === ']' ? 1.25 : 0.8)) });
        return true;
      case '{':
      case '}':
        store.update({ rowHeight: fittingRowHeight(rowHeight * (key === '}' ? 1.25 : 0.8)) });
        return true;
      default:
        return false;
    }
  }

  /** The best token of the cell at the keyboard's place, if it is loaded. */
  function best(): number | undefined {
    const l = grid.axes.layers[grid.axes.layerAt(grid.active)];
    const p = grid.axes.tokenAt(grid.active);
    return l !== undefined && l < lens.layersReady && lens.isLoaded(p) ? lens.prediction(l, p, 0).token.id : undefined;
  }
}
