import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import type { Store } from '../state/store.js';
import type { Columns } from './columns.js';
import type { Grid } from './grid.js';
import type { Looks } from './look.js';

/** Milliseconds of drawing at a time, so that scrolling can go on between. */
const SLICE = 6;

/** The whole prompt at a glance: a strip that loads in idle time and shows, by click or drag, the columns under the pointer. */
export class Overview {
  readonly element: HTMLElement;
  readonly #canvas = h('canvas', {});
  readonly #frame = h('div', { class: 'sl-frame' });
  readonly #grid: Grid;
  readonly #looks: Looks;
  readonly #columns: Columns;
  readonly #store: Store;
  readonly #unsubscribe: () => void;
  readonly #lens: Lens;
  #run = 0;
  #drawing = false;
  #again = false;

  constructor(lens: Lens, grid: Grid, looks: Looks, columns: Columns, store: Store) {
    this.#lens = lens;
    this.#grid = grid;
    this.#looks = looks;
    this.#columns = columns;
    this.#store = store;
    // The strip needs no keyboard control: the grid reaches every column and shows the same.
    this.element = h('div', { class: 'sl-overview', 'aria-hidden': 'true' }, this.#canvas, this.#frame);
    this.#unsubscribe = store.visibleColumns.subscribe(() => this.#moveFrame());
    this.element.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
      this.#goTo(event);
    });
    this.element.addEventListener('pointermove', (event) => {
      if (event.buttons !== 0 && this.element.hasPointerCapture(event.pointerId)) this.#goTo(event);
    });
  }

  /** Starts to draw the strip again soon, and stops an earlier drawing. */
  redraw(): void {
    this.#moveFrame();
    this.#run++;
    this.#drawing = false;
    this.extend();
  }

  /** Draws new rows after the current drawing, so that a fast stream does not interrupt it. */
  extend(): void {
    this.#again = true;
    if (!this.#drawing && !this.element.hidden) void this.#draw(this.#run);
  }

  dispose(): void {
    this.#run++;
    this.#unsubscribe();
  }

  async #draw(run: number): Promise<void> {
    this.#drawing = true;
    while (this.#again && run === this.#run) {
      this.#again = false;
      await pause();
      await this.#drawColumns(run);
    }
    if (run === this.#run) this.#drawing = false;
  }

  async #drawColumns(run: number): Promise<void> {
    const { tokens: columns, layers } = this.#grid.axes;
    const rows = layers.length;
    const context = this.#sized(Math.max(1, Math.min(columns, Math.round(this.element.clientWidth * devicePixelRatio))), rows);
    let began = performance.now();
    for (let x = 0; x < context.canvas.width; x++) {
      const p = Math.floor(((x + 0.5) * columns) / context.canvas.width);
      if (performance.now() - began > SLICE || !this.#lens.isLoaded(p)) {
        await this.#columns.want(p, p + 1);
        await pause();
        if (run !== this.#run) return;
        began = performance.now();
      }
      context.clearRect(x, 0, 1, rows);
      layers.forEach((l, row) => {
        const ink = this.#looks.ink(l, p);
        if (!ink) return;
        context.fillStyle = ink.background;
        context.fillRect(x, row, 1, 1);
      });
    }
  }

  #sized(width: number, height: number): CanvasRenderingContext2D {
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    return this.#canvas.getContext('2d')!;
  }

  #moveFrame(): void {
    const { tokens: columns } = this.#grid.axes;
    const [from, to] = this.#store.visibleColumns.value;
    const hidden = to - from >= columns;
    const appears = this.element.hidden && !hidden;
    this.element.hidden = hidden;
    this.#frame.style.left = `${(100 * from) / columns}%`;
    this.#frame.style.width = `${(100 * (to - from)) / columns}%`;
    if (appears) this.redraw();
  }

  #goTo(event: PointerEvent): void {
    const box = this.element.getBoundingClientRect();
    const [from, to] = this.#store.visibleColumns.value;
    const middle = ((event.clientX - box.left) / box.width) * this.#grid.axes.tokens;
    this.#grid.showFrom(middle - (to - from) / 2);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
