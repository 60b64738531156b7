import { h } from '../dom.js';
import { layerIndex, positionIndex } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import type { CellAddress } from '../state/view-state.js';
import { factsOf } from './facts.js';
import { shortened } from './look.js';

/** The tooltip: shows the facts of a cell beside it. */
export class Tooltip {
  readonly element = h('div', { class: 'sl-tooltip', role: 'tooltip', hidden: true });
  readonly #lens: Lens;

  constructor(lens: Lens) {
    this.#lens = lens;
  }

  /** Shows the facts of a cell next to its element, unless its numbers cannot be read yet. */
  show({ layer, position }: CellAddress, beside: Element): void {
    const [l, p] = [layerIndex(this.#lens.run, layer), positionIndex(this.#lens.run, position)];
    if (l < 0 || p < 0 || l >= this.#lens.layersReady || !this.#lens.isLoaded(p)) return this.hide();
    const place = `${layer < 0 ? 'embedding' : `layer ${layer}`}, after ${shortened(this.#lens.run.tokens[position]!.text)}`;
    this.element.replaceChildren(
      h('div', { class: 'sl-word' }, shortened(this.#lens.prediction(l, p, 0).token.text)),
      h('div', { class: 'sl-where' }, place),
      h('dl', {}, ...factsOf(this.#lens, l, p).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    );
    this.element.hidden = false;
    this.#moveBeside(beside.getBoundingClientRect());
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** Below the cell, or above it if there is no room. */
  #moveBeside(cell: DOMRect): void {
    const { offsetWidth, offsetHeight } = this.element;
    const below = cell.bottom + 8 + offsetHeight <= innerHeight || cell.top < offsetHeight + 8;
    const left = Math.max(8, Math.min(cell.left, document.documentElement.clientWidth - offsetWidth - 8));
    this.element.style.left = `${left}px`;
    this.element.style.top = `${below ? cell.bottom + 8 : cell.top - 8 - offsetHeight}px`;
  }
}
