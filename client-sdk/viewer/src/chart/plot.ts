import { svg } from '../dom.js';
import { shortLayer } from '../lens/layers.js';
import { crystallization } from '../lens/milestones.js';
import type { Lens } from '../lens/lens.js';
import type { ViewState } from '../state/view-state.js';
import type { Curve } from './curve.js';
import { dottedLayers, frame, labeledLayers, pathOf, type Frame } from './frame.js';
import type { Model } from './model.js';
import { axisOf, resolutionOf, scaleFor, tickLabel } from './quantity.js';
import type { Scale } from './scale.js';
import { strokeOf, type Stroke } from './stroke.js';

/** A place in a chart: a layer and the curve that is read there. */
export interface Place {
  readonly l: number;
  readonly row: number;
  readonly column: number;
}

/** Ring around the dot that is read. */
const RING = { stroke: 'var(--sl-ink)', 'stroke-width': 2 };

/** The drawing of a model. A cross-hair moves over it without a new drawing. */
export class Plot {
  readonly element = svg('svg', { 'aria-hidden': 'true', 'font-family': 'var(--sl-sans)', 'font-size': 11, fill: 'var(--sl-faint)' });
  readonly #cross = svg('g', { class: 'sl-cross', stroke: 'var(--sl-paper)' });
  #frame: Frame | undefined;
  #model: Model | undefined;
  /** Smaller values are not told apart from 0. */
  #least = -Infinity;

  constructor(readonly lens: Lens) {}

  /** @param reach values that the scale includes besides those of the curves */
  draw(model: Model, state: ViewState, hover: Curve | undefined, size: { readonly width: number; readonly height: number }, reach: readonly number[] = []): void {
    const { run } = this.lens;
    const curves = model.rows.flatMap((row) => row.curves);
    const seen = hover ? [...curves, hover] : curves;
    const axis = axisOf(model.described, state.chartAxis);
    const ticks = Math.max(2, Math.round((size.height - 72) / 36));
    this.#least = axis === 'log' ? resolutionOf(run, model.quantity) : -Infinity;
    const scale = scaleFor(model.quantity, axis, [...seen.flatMap(({ values }) => [...values]), ...reach], ticks, this.#least);
    const drawn = frame(run, state.layerWindow, scale, size);
    this.#frame = drawn;
    this.#model = model;
    const lines = model.rows.flatMap(({ subject, curves }) =>
      curves.map((each, column) => this.#curve(each.values, strokeOf(subject, column))),
    );
    this.element.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
    this.element.replaceChildren(
      ...this.#valueAxis(model, scale),
      ...this.#layerAxis(),
      ...this.#crystallized(model),
      ...(hover ? [this.#curve(hover.values, { stroke: 'var(--sl-faint)', opacity: 0.55 })] : []),
      ...lines.reverse(), // the first pin lies on top
      this.#cross,
    );
  }

  /** The layer under a point of the element; undefined before the first drawing. */
  layerAt(x: number): number | undefined {
    const l = this.#frame?.layerAt(x);
    return l === undefined ? undefined : Math.min(l, this.lens.layersReady - 1);
  }

  /** The curve nearest to a point of the element, at the layer under it. */
  placeAt(x: number, y: number): Place | undefined {
    const l = this.layerAt(x);
    if (l === undefined || !this.#frame || !this.#model) return undefined;
    let nearest: Place | undefined;
    let least = Infinity;
    this.#model.rows.forEach(({ curves }, row) =>
      curves.forEach(({ values }, column) => {
        const away = Math.abs(this.#frame!.y(values[l]!) - y);
        if (away < least) [least, nearest] = [away, { l, row, column }];
      }),
    );
    return nearest;
  }

  /** Moves the cross-hair; the curve that is read has a ring. */
  cross(l: number | undefined, active: Place | undefined): void {
    const drawn = this.#frame;
    if (!drawn || !this.#model || l === undefined || l < drawn.first || l > drawn.last) return this.#cross.replaceChildren();
    const x = drawn.x(l);
    const dots = this.#model.rows.flatMap(({ subject, curves }, row) =>
      curves.map(({ values }, column) => {
        if (Number.isNaN(values[l]!) || values[l]! < this.#least) return '';
        const ring = active?.row === row && active.column === column;
        const { stroke } = strokeOf(subject, column);
        return svg('circle', { cx: x, cy: drawn.y(values[l]!), r: ring ? 6 : 4, fill: stroke, ...(ring ? RING : {}) });
      }),
    );
    const name = shortLayer(this.lens.run.layers[l]!);
    this.#cross.replaceChildren(
      svg('line', { x1: x, x2: x, y1: drawn.top, y2: drawn.bottom, stroke: 'var(--sl-ink)', 'stroke-opacity': 0.45 }),
      svg('rect', { x: x - 17, y: drawn.bottom + 4, width: 34, height: 17, rx: 3, fill: 'var(--sl-ink)', stroke: 'none' }),
      svg('text', { x, y: drawn.bottom + 16.5, 'text-anchor': 'middle', fill: 'var(--sl-paper)', stroke: 'none', 'font-weight': 600 }, name),
      ...dots.filter((dot) => dot !== ''),
    );
  }

  /** Values that are too small for the axis have an open mark on its bottom in place of a dot. */
  #curve(all: Float64Array, { stroke, 'stroke-dasharray': dashes, opacity }: Partial<Stroke> & { opacity?: number }): SVGGElement {
    const drawn = this.#frame!;
    const values = all.map((value) => (value < this.#least ? Number.NaN : value));
    const small = [...all.keys()].filter((l) => all[l]! < this.#least && l >= drawn.first && l <= drawn.last);
    const marks = small.map((l) => svg('path', { class: 'sl-below', d: `M${(drawn.x(l) - 3).toFixed(1)} ${drawn.bottom - 5}h6l-3 4z`, fill: 'none', stroke }));
    const dots = dottedLayers(values, drawn).map((l) => svg('circle', { cx: drawn.x(l).toFixed(1), cy: drawn.y(values[l]!).toFixed(1), r: 2.2 }));
    const line = svg('path', { d: pathOf(values, drawn), fill: 'none', stroke, 'stroke-dasharray': dashes, 'stroke-width': 2, 'stroke-linejoin': 'round' });
    return svg('g', { fill: stroke, opacity }, line, ...dots, ...marks);
  }

  #valueAxis({ quantity, described }: Model, { ticks }: Scale): SVGElement[] {
    const { left, right, y } = this.#frame!;
    const marks = ticks.flatMap((value) => [
      svg('line', { stroke: 'var(--sl-rule)', x1: left, x2: right, y1: y(value), y2: y(value) }),
      svg('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, tickLabel(quantity, value)),
    ]);
    const below = this.#model!.rows.some(({ curves }) => curves.some(({ values }) => values.some((value) => value < this.#least))) ? ` (▿ below ${tickLabel(quantity, Number(this.#least.toPrecision(1)))})` : '';
    return [...marks, svg('text', { x: 4, y: 13 }, `${described.title}${below}`)];
  }

  #layerAxis(): SVGElement[] {
    const drawn = this.#frame!;
    const { x, left, right, top, bottom, first, last } = drawn;
    const { layers, model } = this.lens.run;
    const final = model.layers !== undefined && layers[last] === model.layers - 1;
    const marks = labeledLayers(layers, drawn, 30).flatMap((l) => [
      svg('line', { stroke: 'var(--sl-strong-rule)', x1: x(l), x2: x(l), y1: bottom, y2: bottom + 4 }),
      svg('text', { x: x(l), y: bottom + 16.5, 'text-anchor': 'middle' }, shortLayer(layers[l]!)),
    ]);
    return [
      ...(final ? [svg('line', { stroke: 'var(--sl-strong-rule)', x1: x(last), x2: x(last), y1: top, y2: bottom })] : []),
      ...marks,
      svg('text', { x: (left + right) / 2, y: bottom + 33, 'text-anchor': 'middle' }, 'layer'),
      ...(final && last > first
        ? [svg('text', { x: right + 10, y: bottom + 33, 'text-anchor': 'end' }, 'final')]
        : []),
    ];
  }

  /** Of the main position. */
  #crystallized({ positions: [p] }: Model): SVGElement[] {
    const { x, left, right, top, bottom, first, last } = this.#frame!;
    const l = p === undefined ? undefined : crystallization(this.lens, p);
    if (l === undefined || l < first || l > last) return [];
    const before = x(l) > (left + right) / 2;
    return [
      svg('line', { x1: x(l), x2: x(l), y1: top, y2: bottom, stroke: 'var(--sl-faint)', 'stroke-dasharray': '1 3' }),
      svg('path', { d: `M${x(l) - 4} ${top - 8}h8l-4 7z` }),
      svg('text', { x: x(l) + (before ? -8 : 8), y: top - 4, 'text-anchor': before ? 'end' : 'start' }, 'crystallizes'),
    ];
  }
}
