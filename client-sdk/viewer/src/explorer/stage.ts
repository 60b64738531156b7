import { h } from '../dom.js';
import { link } from '../state/link.js';
import type { Store } from '../state/store.js';
import type { ViewState } from '../state/view-state.js';
import { button } from '../controls.js';
import { mountViewer } from '../viewer.js';
import type { Entry } from './entry.js';

/** Settings of a view that carry over to the next result. Those about tokens or targets do not. */
const CARRIED = ['theme', 'stride', 'columnWidth', 'rowHeight', 'chartHeight', 'chartAxis', 'detail', 'source'] as const;

/** Callbacks of the page around a shown result. */
export interface Frame {
  /** Text above a result; requested again when the run ends. */
  above(entry: Entry): HTMLElement;
  /** Called with the theme of a view, when it is shown or changes. */
  themed(theme: ViewState['theme']): void;
  /** Keeps only the first of two results. */
  single(entry: Entry): void;
}

/** The place for one result, or two side by side. */
export class Stage {
  readonly element = h('div', { class: 'ex-stage' });
  #ends: (() => void)[] = [];
  #shown: readonly Entry[] = [];

  constructor(readonly frame: Frame) {}

  get shown(): readonly Entry[] {
    return this.#shown;
  }

  /** Initial settings for the view of the next result. */
  get carried(): Partial<ViewState> {
    const view = this.#shown[0]?.view ?? {};
    return Object.fromEntries(CARRIED.filter((key) => view[key] !== undefined).map((key) => [key, view[key]]));
  }

  show(entry: Entry): void {
    this.clear();
    this.#mount(this.element, entry);
  }

  /** Shows two results whose views follow each other. */
  compare(first: Entry, second: Entry): void {
    this.clear();
    const sides = [h('div', { class: 'ex-side' }), h('div', { class: 'ex-side' })] as const;
    const close = button('Close the comparison', () => this.frame.single(first));
    this.element.append(h('div', { class: 'ex-bar' }, h('h2', {}, 'Two results'), close), h('div', { class: 'ex-sides' }, ...sides));
    const stores = [this.#mount(sides[0], first), this.#mount(sides[1], second)] as const;
    const [a, b] = [first.lens.run.model, second.lens.run.model];
    this.#ends.push(link(...stores, { sameVocabulary: a.name === b.name && a.vocabularySize === b.vocabularySize }));
  }

  clear(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#shown = [];
    this.element.replaceChildren();
  }

  #mount(root: HTMLElement, entry: Entry): Store {
    let above = this.frame.above(entry);
    root.append(above);
    const viewer = mountViewer(root, entry.lens, entry.view);
    const keep = (view: ViewState): void => {
      entry.view = view;
      this.frame.themed(view.theme);
    };
    keep(viewer.store.state);
    this.#ends.push(
      viewer.store.subscribe(keep),
      entry.lens.onGrowth(() => {
        if (!entry.finished) return;
        const after = this.frame.above(entry);
        above.replaceWith(after);
        above = after;
      }),
      () => viewer.dispose(),
    );
    this.#shown = [...this.#shown, entry];
    return viewer.store;
  }
}
