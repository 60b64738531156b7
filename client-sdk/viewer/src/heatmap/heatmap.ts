import './heatmap.css';
import { coloring as coloringOf, type Coloring } from '../color/coloring.js';
import { Scale } from '../color/scale.js';
import { Darkness } from '../color/theme.js';
import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import type { Part, Shortcut } from '../part.js';
import { strideNote } from '../state/shown-layers.js';
import type { Store } from '../state/store.js';
import type { CellAddress, ViewState } from '../state/view-state.js';
import { Columns } from './columns.js';
import { copyText } from './copy.js';
import { Grid } from './grid.js';
import { followKeys } from './keyboard.js';
import { Legend } from './legend.js';
import { Looks } from './look.js';
import { Overview } from './overview.js';
import { Paper } from './paper.js';
import { followPointer } from './pointer.js';
import { followEdges } from './resize.js';
import { ALONE, type Room } from './sizes.js';
import { Tooltip } from './tooltip.js';
import { followLayers } from './zoom.js';

const SHORTCUTS: readonly Shortcut[] = [
  { key: '← ↑ → ↓', does: 'move in the grid' },
  { key: 'Ctrl+arrow', does: 'move to the edge' },
  { key: 'Home, End', does: 'first, last column; with Ctrl the first, last row too' },
  { key: 'PageUp, PageDown', does: 'a page up, down' },
  { key: 'Enter', does: 'show the cell; on a token, compare it' },
  { key: 'p', does: 'pin the best token of the cell' },
  { key: 'c', does: 'color by the best token of the cell' },
  { key: '[ ]', does: 'narrower, wider columns' },
  { key: '{ }', does: 'lower, higher rows' },
  { key: 'Ctrl+C', does: 'copy the cell; on a token, all its layers' },
  { key: 'Escape', does: 'clear the cell' },
].map((shortcut) => ({ ...shortcut, where: 'In the map' }));

/** Fields of a view that change the colors or the shown rows. */
const COLORS = ['color', 'target', 'colorToken', 'rankThreshold', 'stride', 'layerWindow', 'inside'] as const;

/** Fields that change the size of the cells. */
const SIZES = ['columnWidth', 'rowHeight', 'stride', 'layerWindow', 'inside', 'down'] as const;

/** What a map beside others does in another way. */
export interface MapOptions {
  /** In place of the view's own. */
  readonly coloring?: (view: ViewState) => Coloring;
  /** How its cells take the room of the window. */
  readonly room?: Room;
}

/** The heat map: layers by tokens, with the best token in each cell, in the colors of the view. */
export function heatMap(lens: Lens, store: Store, { coloring = (view) => coloringOf(lens, view), room = ALONE }: MapOptions = {}): Part {
  const darkness = new Darkness(store);
  const colored = () => coloring(store.state);
  let scheduled = 0;
  const redrawSoon = () => {
    scheduled ||= requestAnimationFrame(() => {
      scheduled = 0;
      redraw();
      grid.fit();
    });
  };
  const columns = new Columns(lens, redrawSoon);
  const looks = new Looks(lens, colored(), Scale.light, columns);
  const grid = new Grid(lens, store, looks, columns, room);
  const overview = new Overview(lens, grid, looks, columns, store);
  const legend = new Legend();
  const tooltip = new Tooltip(lens, looks);
  const paper = new Paper(lens, store, colored);
  const status = h('p', { class: 'sl-status', role: 'status' });
  const element = h(
    'section',
    { class: 'sl-heatmap', 'aria-label': 'Heat map' },
    legend.element,
    h('div', { class: 'sl-map' }, overview.element, grid.element, paper.element, status, tooltip.element),
  );

  const redraw = () => {
    grid.refresh();
    element.style.setProperty('--sl-label-width', `${grid.sizes.labelWidth}px`);
    element.style.setProperty('--sl-head-height', `${grid.sizes.headHeight}px`);
    element.style.setProperty('--sl-cells-width', `${grid.width}px`);
    pointAt(store.hover.value);
    const trouble = columns.firstFailure;
    status.textContent = trouble === undefined ? '' : `Some columns cannot be read: ${trouble}`;
  };
  const recolor = () => {
    looks.coloring = colored();
    looks.scale = Scale.of(looks.coloring.ramp, darkness.dark);
    const notes = [strideNote(store.state.stride), lens.run.approximate ? 'ranks, entropy and KL are approximate' : undefined];
    legend.show(looks.coloring, looks.scale, notes.filter((note) => note !== undefined));
    redraw();
    overview.redraw();
  };
  const pointAt = (address: CellAddress | undefined) => {
    const place = address && grid.place(address);
    grid.point(place);
    const cell = place && grid.elementAt(place);
    if (address && cell && isUsed()) tooltip.show(address, cell);
    else tooltip.hide();
  };
  /** Other parts may set the hovered cell; the tooltip shows only for the pointer or keyboard in this part. */
  const isUsed = () => isPointedAt() || grid.element.matches(':focus-visible');

  followKeys(grid, lens, store, () => tooltip.hide());
  const isPointedAt = followPointer(grid, lens, store);
  followEdges(grid, store);
  followLayers(grid, lens, store);
  grid.element.addEventListener('blur', () => store.hover.set(undefined));
  grid.element.addEventListener('scroll', () => pointAt(store.hover.value));

  const ends = [
    copyText(grid, lens, store),
    store.subscribe((state, before) => {
      if (COLORS.some((field) => state[field] !== before[field])) recolor();
      else redraw();
      if (SIZES.some((field) => state[field] !== before[field])) grid.fit();
      if (state.down !== before.down) grid.activate(grid.active);
      const selected = state.selected && grid.nearestPlace(state.selected);
      if (state.selected !== before.selected && selected) grid.activate(selected);
    }),
    store.hover.subscribe(pointAt),
    store.marks.subscribe(redraw),
    darkness.signal.subscribe(recolor),
    lens.onGrowth(() => {
      redrawSoon();
      overview.extend();
    }),
  ];
  recolor();
  // Once the element is on the page, and before it is painted.
  queueMicrotask(() => grid.fit());
  return {
    element,
    shortcuts: SHORTCUTS,
    dispose() {
      cancelAnimationFrame(scheduled);
      for (const end of ends) end();
      overview.dispose();
      paper.dispose();
      grid.dispose();
      darkness.dispose();
    },
  };
}
