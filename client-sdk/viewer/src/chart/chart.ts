import './chart.css';
import { h } from '../dom.js';
import { layerIndex, readable } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import type { Part } from '../part.js';
import { differs, type Store } from '../state/store.js';
import { hoverCurve, type Curve } from './curve.js';
import { chartHeight, heightHandle } from './height.js';
import { Legend } from './legend.js';
import { model, type Model } from './model.js';
import { Plot, type Place } from './plot.js';
import { curveTable } from './table.js';
import { layerName, positionName } from '../lens/names.js';
import { subjectName } from './words.js';

const LEGEND = 'In the legend of the chart';

/** A chart of curves over layers: pinned tokens, targets and quantities of cells, at each compared position. */
export function chart(lens: Lens, store: Store): Part {
  const plot = new Plot(lens);
  const legend = new Legend(lens, store);
  const area = h('div', { class: 'sl-plot', tabindex: 0, role: 'application', 'aria-roledescription': 'line chart' }, plot.element);
  const said = h('p', { class: 'sl-unseen', 'aria-live': 'polite' });
  const words = h('div', { class: 'sl-unseen' });
  const body = h('div', { class: 'sl-chart-body' }, area, legend.element);
  const element = h('section', { class: 'sl-chart', 'aria-label': 'Chart over layers' }, body, heightHandle(store), said, words);

  let shown: Model = model(lens, store.state);
  /** The place of the pointer or the keyboard in the chart itself. */
  let place: Place | undefined;
  /** The trajectory of a cell that the pointer hovers in another part. */
  let faint: Curve | undefined;
  let frameAsked = 0;

  /** The layer that is read: the hovered one, in the chart or elsewhere; else the selected one; else the last. */
  const layerRead = (): number => {
    const elsewhere = store.hover.value ?? store.state.selected;
    const l = place ? place.l : elsewhere ? layerIndex(lens.run, elsewhere.layer) : -1;
    return l >= 0 && l < lens.layersReady ? l : lens.layersReady - 1;
  };

  const hovered = (): Curve | undefined => {
    const cell = place ? undefined : readable(lens, store.hover.value);
    return cell && hoverCurve(lens, shown.quantity, cell.l, cell.p);
  };

  const drawPlot = () => {
    const width = area.clientWidth;
    faint = hovered();
    if (width > 0) plot.draw(shown, store.state, faint, { width, height: chartHeight(store.state.chartHeight) }, otherReach());
    point();
  };
  const point = () => {
    const pointed = place !== undefined || store.hover.value !== undefined;
    plot.cross(pointed ? layerRead() : undefined, place);
    legend.read(layerRead(), faint);
  };
  const redraw = () => {
    const read = place && shown.rows[place.row]?.curves[place.column]?.p;
    shown = model(lens, store.state);
    tellReach();
    // The compared positions may have another order.
    if (place && read !== undefined) place = { ...place, column: shown.positions.indexOf(read) };
    area.style.height = `${chartHeight(store.state.chartHeight)}px`;
    area.setAttribute('aria-label', `${shown.described.name} over layers. Arrow keys read the curves, Enter selects the cell.`);
    if (place && !shown.rows[place.row]?.curves[place.column]) place = undefined;
    legend.draw(shown);
    words.replaceChildren(curveTable(lens, shown));
    drawPlot();
    for (const p of shown.missing) {
      lens.load(p, p + 1).then(redrawSoon, (damage: unknown) => (said.textContent = String(damage)));
    }
  };
  const tellReach = () => {
    const values = shown.rows.flatMap(({ curves }) => curves.flatMap((curve) => [...curve.values])).filter(Number.isFinite);
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    const before = store.reach.value;
    if (values.length === 0) store.reach.set(undefined);
    else if (before?.quantity !== shown.quantity || before.least !== least || before.greatest !== greatest) {
      store.reach.set({ quantity: shown.quantity, least, greatest });
    }
  };
  const otherReach = () => {
    const other = store.otherReach.value;
    return other?.quantity === shown.quantity ? [other.least, other.greatest] : [];
  };
  const redrawSoon = () => {
    frameAsked ||= requestAnimationFrame(() => {
      frameAsked = 0;
      redraw();
    });
  };

  /** Sets the hovered place; other parts show its cell. */
  const go = (to: Place | undefined) => {
    place = to;
    store.hover.set(to && cellOf(to));
    if (faint) drawPlot();
    else point();
  };
  const cellOf = ({ l, row, column }: Place) => {
    const p = shown.rows[row]?.curves[column]?.p ?? shown.positions[0] ?? 0;
    return { layer: lens.run.layers[l]!, position: lens.run.positions[p]! };
  };
  const pointed = (event: MouseEvent): Place | undefined => {
    const { left, top } = area.getBoundingClientRect();
    const l = plot.layerAt(event.clientX - left);
    return plot.placeAt(event.clientX - left, event.clientY - top) ?? (l === undefined ? undefined : { l, row: 0, column: 0 });
  };

  area.addEventListener('pointermove', (event) => go(pointed(event)));
  area.addEventListener('pointerleave', () => go(undefined));
  area.addEventListener('blur', () => go(undefined));
  area.addEventListener('click', (event) => {
    const at = pointed(event);
    if (at) store.update({ selected: cellOf(at) });
  });
  area.addEventListener('keydown', (event) => {
    const at = place ?? { l: layerRead(), row: 0, column: 0 };
    if (event.key === 'Enter') store.update({ selected: cellOf(at) });
    else if (event.key === 'Escape') go(undefined);
    else {
      const to = stepped(event.key, at, shown, lens.layersReady);
      if (!to) return;
      go(to);
      said.textContent = reading(to);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  const reading = ({ l, row, column }: Place): string => {
    const { subject, curves } = shown.rows[row] ?? {};
    const curve = curves?.[column];
    if (!subject || !curve) return layerName(lens, l);
    const value = curve.values[l]!;
    const name = subjectName(lens, subject, shown.quantity);
    return `${layerName(lens, l)}, ${name} at position ${positionName(lens, curve.p)}: ${Number.isNaN(value) ? 'not recorded' : shown.described.reading(value)}`;
  };

  const size = new ResizeObserver(() => drawPlot());
  size.observe(area);
  const ends = [
    store.subscribe((state, before) => {
      if (differs(state, before, 'selected', 'positions', 'pins', 'layerWindow', 'chartHeight', 'chartQuantity', 'chartAxis')) redraw();
    }),
    store.hover.subscribe(() => {
      if (!place) drawPlot();
    }),
    store.otherReach.subscribe(drawPlot),
    lens.onGrowth(redrawSoon),
    () => size.disconnect(),
    () => cancelAnimationFrame(frameAsked),
  ];
  redraw();
  return {
    element,
    shortcuts: [
      { key: 'g', does: 'sum the picked tokens into one curve', where: LEGEND },
      { key: 'u', does: 'split a sum into separate curves', where: LEGEND },
      { key: 'Delete', does: 'unpin a token', where: LEGEND },
    ],
    dispose: () => ends.forEach((end) => end()),
  };
}

/** The target of an arrow key: left and right over the layers, up and down from curve to curve. */
function stepped(key: string, { l, row, column }: Place, { rows }: Model, layersReady: number): Place | undefined {
  const columns = rows[0]?.curves.length ?? 0;
  const within = (value: number, end: number) => Math.max(0, Math.min(end - 1, value));
  const curve = (by: number): Place => {
    const at = within(row * columns + column + by, rows.length * columns);
    return columns === 0 ? { l, row, column } : { l, row: Math.floor(at / columns), column: at % columns };
  };
  switch (key) {
    case 'ArrowLeft':
      return { l: within(l - 1, layersReady), row, column };
    case 'ArrowRight':
      return { l: within(l + 1, layersReady), row, column };
    case 'Home':
      return { l: 0, row, column };
    case 'End':
      return { l: within(layersReady, layersReady), row, column };
    case 'ArrowUp':
      return curve(-1);
    case 'ArrowDown':
      return curve(1);
    default:
      return undefined;
  }
}
