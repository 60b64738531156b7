import { button } from '../controls.js';
import { h, replaceContent, table } from '../dom.js';
import { shortLayer } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { percent } from '../lens/numbers.js';
import type { Store } from '../state/store.js';
import { tokenButton } from './token-button.js';
import { filtered, peaks, type Peak } from './tracked.js';

/** Number of rows shown before "Show all". */
const FEW = 40;

/** The tracked tokens of a position, by their highest probability, with a filter. */
export class TrackedList {
  readonly element = h('details', { class: 'sl-tracked' });
  readonly #filter = h('input', { type: 'search', placeholder: 'filter', 'aria-label': 'Filter the tracked tokens' });
  readonly #title = h('h3');
  readonly #rows = h('div', { class: 'sl-scroll' });
  #peaks: readonly Peak[] = [];
  #all = false;
  #drawn: readonly [p: number, layersReady: number, whole: boolean] | undefined;

  constructor(
    readonly lens: Lens,
    readonly store: Store,
  ) {
    this.#filter.addEventListener('input', () => this.#draw());
    this.element.append(h('summary', {}, this.#title), this.#filter, this.#rows);
  }

  /** Shows a loaded column. */
  show(p: number): void {
    const [before, layers, whole] = this.#drawn ?? [];
    if (before !== p || layers !== this.lens.layersReady || whole !== (this.lens.outcome !== undefined)) {
      this.#peaks = peaks(this.lens, p);
      this.#all = before === p && this.#all;
      this.#drawn = [p, this.lens.layersReady, this.lens.outcome !== undefined]; // tracked tokens arrive after the layers
    }
    this.#draw();
  }

  #draw(): void {
    const { run } = this.lens;
    const found = filtered(this.#peaks, this.#filter.value);
    this.#title.textContent = `Tracked tokens: ${found.length === this.#peaks.length ? found.length : `${found.length} of ${this.#peaks.length}`}`;
    this.#filter.hidden = this.#peaks.length === 0;
    if (this.#peaks.length === 0) {
      const why = !run.hasTrajectories ? 'This result has no trajectories.' : 'No token is tracked at this position.';
      return this.#rows.replaceChildren(h('p', { class: 'sl-faint' }, why));
    }
    const rows = found.slice(0, this.#all ? undefined : FEW).map(({ id, l, logProb }) =>
      h(
        'tr',
        {},
        h('td', {}, tokenButton(this.store, 'followed', this.lens.token(id))),
        h('td', { class: 'sl-value' }, percent(Math.exp(logProb))),
        h('td', { class: 'sl-value' }, shortLayer(run.layers[l]!)),
      ),
    );
    const heads = [h('th', { scope: 'col' }, 'Token'), h('th', { scope: 'col', class: 'sl-value' }, 'Peak'), h('th', { scope: 'col', class: 'sl-value' }, 'at layer')];
    const more = found.length > rows.length ? [this.#more(found.length)] : [];
    replaceContent(this.#rows, table(heads, rows), ...more);
  }

  #more(count: number): HTMLElement {
    const showAll = () => {
      this.#all = true;
      this.#draw();
    };
    return button(`Show all ${count}`, showAll, { 'data-key': 'all' });
  }
}
