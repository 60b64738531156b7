import { h } from '../../dom.js';
import { heatMap } from '../../heatmap/heatmap.js';
import type { Room } from '../../heatmap/sizes.js';
import type { Lens } from '../../lens/lens.js';
import { DEFAULT_VIEW } from '../../state/default-view.js';
import { Store } from '../../state/store.js';
import type { CellAddress, ViewState } from '../../state/view-state.js';
import { rowWords } from './effect-words.js';

/** The results of a change are below. */
const ROOM: Room = { below: 380, leastColumn: 40 };

/** A map to pick a row from: a click or Enter on a cell picks the block's output at the token. */
export class PickMap {
  readonly element: HTMLElement;
  readonly store: Store;
  readonly #said = h('span', { class: 'ex-quiet' });
  readonly #ends: readonly (() => void)[];

  constructor(
    readonly name: string,
    readonly lens: Lens,
    cell: CellAddress,
    theme: ViewState['theme'],
    picked: () => void,
  ) {
    this.store = new Store({ ...DEFAULT_VIEW, theme, selected: cell });
    const map = heatMap(lens, this.store, { room: ROOM });
    this.element = h('section', { class: 'ex-pick', 'aria-label': name }, h('div', { class: 'ex-bar' }, h('h3', {}, name), this.#said), map.element);
    const say = (): void => void (this.#said.textContent = this.picked === undefined ? 'Pick a cell of a block.' : rowWords(lens, this.picked.layer, this.picked.position));
    say();
    this.#ends = [
      this.store.subscribe((state, before) => {
        if (state.selected === before.selected) return;
        say();
        picked();
      }),
      () => map.dispose(),
    ];
  }

  /** The picked cell; undefined if none is, or if it is no output of a block. */
  get picked(): CellAddress | undefined {
    const { selected } = this.store.state;
    return selected && selected.layer >= 0 && Number.isInteger(selected.layer) ? selected : undefined;
  }

  dispose(): void {
    for (const end of this.#ends) end();
    this.element.remove();
  }
}
