import { h } from '../dom.js';
import { readable } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { inputName, layerName } from '../lens/names.js';
import { percent } from '../lens/numbers.js';
import type { CellAddress } from '../state/view-state.js';
import type { Looks } from './look.js';

/** Predictions in a tooltip; the panel shows all. */
const FEW = 5;

/** Distance from the cell. */
const GAP = 10;

/** The tooltip: beside a cell, the number that its color shows and its best tokens. */
export class Tooltip {
  readonly element = h('div', { class: 'sl-tooltip', role: 'tooltip', hidden: true });
  readonly #lens: Lens;
  readonly #looks: Looks;

  constructor(lens: Lens, looks: Looks) {
    this.#lens = lens;
    this.#looks = looks;
  }

  /** Shows a cell next to its element, unless its numbers cannot be read yet. */
  show(address: CellAddress, beside: Element): void {
    const cell = readable(this.#lens, address);
    if (!cell) return this.hide();
    const { l, p } = cell;
    const { coloring } = this.#looks;
    const tops = Array.from({ length: Math.min(FEW, this.#lens.run.k) }, (_, place) => {
      const { token, logProb } = this.#lens.prediction(l, p, place);
      const bar = h('span', { class: 'sl-part' });
      bar.style.width = `${100 * Math.exp(logProb)}%`;
      return [h('bdi', {}, this.#looks.text(token.id, p)), h('span', { class: 'sl-track' }, bar), h('span', {}, percent(Math.exp(logProb)))];
    });
    this.element.replaceChildren(
      h('div', { class: 'sl-where' }, `${layerName(this.#lens, l)}, after ${address.position} `, h('bdi', {}, inputName(this.#lens, p))),
      h('div', { class: 'sl-shown' }, coloring.name, h('strong', {}, coloring.value(l, p) ?? coloring.missing ?? '–')),
      h('div', { class: 'sl-tops' }, ...tops.flat()),
    );
    this.element.hidden = false;
    this.#moveBeside(beside.getBoundingClientRect());
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** Right of the cell, else left of it, so that the cells of its column stay in view; under it if neither has room. */
  #moveBeside(cell: DOMRect): void {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const right = cell.right + GAP + width + 8 <= document.documentElement.clientWidth;
    const isBeside = right || cell.left - GAP - width >= 8;
    const top = isBeside ? (cell.top + cell.bottom - height) / 2 : cell.bottom + GAP;
    this.element.style.left = `${right ? cell.right + GAP : Math.max(8, cell.left - GAP - width)}px`;
    this.element.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
  }
}
