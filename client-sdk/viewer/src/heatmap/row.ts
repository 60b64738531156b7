import { h } from '../dom.js';
import type { Line } from './geometry.js';
import { Recycled } from './recycled.js';

/** A row of elements: a header fixed at the left, and the visible cells. */
export class Row {
  readonly element: HTMLElement;
  readonly header: HTMLElement;
  readonly #strip: HTMLElement;
  readonly #cells: Recycled<HTMLElement>;

  constructor(kind: 'heads' | 'layer', header: HTMLElement) {
    this.header = header;
    this.#strip = h('div', { class: 'sl-strip', role: 'presentation' });
    this.element = h('div', { class: `sl-row sl-${kind}`, role: 'row' }, header, this.#strip);
    const make = (): HTMLElement =>
      h('div', kind === 'heads' ? { class: 'sl-head', role: 'columnheader' } : { class: 'sl-cell', role: 'gridcell' });
    this.#cells = new Recycled(this.#strip, make, (cell) => cell);
  }

  /** Shows columns `from .. to - 1`, scrolled by an offset. `fill` draws the new ones, or all, with a style for their place. */
  show(
    [from, to]: readonly [number, number],
    line: Line,
    offset: number,
    all: boolean,
    fill: (cell: HTMLElement, column: number, place: string) => void,
  ): void {
    this.#strip.style.transform = `translateX(${-offset}px)`;
    this.#cells.show(from, to, all, (cell, column) => {
      cell.setAttribute('aria-colindex', String(column + 2));
      fill(cell, column, `left:${line.start(column)}px;width:${line.extent(column)}px`);
    });
  }

  cell(column: number): HTMLElement | undefined {
    return this.#cells.at(column);
  }
}
