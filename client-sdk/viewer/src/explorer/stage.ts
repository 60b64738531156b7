import { h } from '../dom.js';
import type { Store } from '../state/store.js';
import type { ViewState } from '../state/view-state.js';
import { button } from '../controls.js';
import type { Lens } from '../lens/lens.js';
import { lensName } from '../lens/provenance.js';
import { OWN_ANSWER, type GatheredLens } from '../lens/gathered-lens.js';
import { lensSwitch } from '../pair/lens-switch.js';
import { mountPair, type Shown } from '../pair/pair-viewer.js';
import { firstView, followGrowth, mountViewer } from '../viewer.js';
import { batchTable } from './batch-table.js';
import type { Bridge, ChangeForm } from './bridge.js';
import { ChangeView, type Surroundings } from './change/change-view.js';
import type { Entry } from './entry.js';
import { promptWords } from './words.js';
import { writtenText, type Continuation } from './written-text.js';

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
  /** Writes the text of an entry on. */
  write(entry: Entry, how: Continuation): void;
}

/** The place for one result, or two that are compared. */
export class Stage {
  readonly element = h('div', { class: 'ex-stage' });
  #ends: (() => void)[] = [];
  #shown: readonly Entry[] = [];
  /** What runs down the first result unless the reader chooses. */
  #usualDown: ViewState['down'] | undefined;

  constructor(
    readonly bridge: Bridge,
    readonly frame: Frame,
  ) {}

  get shown(): readonly Entry[] {
    return this.#shown;
  }

  /** Initial settings for the view of the next result. */
  get carried(): Partial<ViewState> {
    const view = this.#shown[0]?.view ?? {};
    // Which way is down, if the reader has turned the map: another shape may be read better the other way. And where the detail is,
    // unless it was put beside a text.
    const isOwn: Partial<Record<keyof ViewState, boolean>> = { down: view.down !== this.#usualDown, detail: this.#shown[0]?.begins === undefined };
    const keys = [...CARRIED, 'down' as const].filter((key) => isOwn[key] ?? true);
    return Object.fromEntries(keys.filter((key) => view[key] !== undefined).map((key) => [key, view[key]]));
  }

  show(entry: Entry): void {
    this.clear();
    this.#mount(entry);
  }

  /** Shows two results and what differs. */
  compare(first: Entry, second: Entry): void {
    this.clear();
    const close = button('Close the comparison', () => this.frame.single(first));
    this.element.append(h('div', { class: 'ex-bar' }, h('h2', {}, 'Two results'), close));
    const shown = ({ lens, view }: Entry) => ({ lens, initial: view });
    const { stores, dispose } = mountPair(this.element, shown(first), shown(second));
    this.#shown = [first, second];
    this.#usualDown = firstView(first.lens).down;
    this.#ends.push(dispose, ...this.#shown.map((entry, at) => this.#keep(entry, stores[at]!)));
  }

  /** Shows the parts of a pass to change, and what a change does. */
  change(entry: Entry, around: Surroundings, change?: ChangeForm): void {
    this.clear();
    const view = new ChangeView(this.bridge, entry, around, change);
    this.element.append(view.element);
    this.#ends.push(() => view.dispose());
  }

  /** Shows the last positions of several results: a table of the answers, and a map and curves of all. */
  gather(title: string, lens: GatheredLens, open: (p: number) => void): void {
    const { carried } = this;
    this.clear();
    this.element.append(batchTable(lens, open));
    const pins = [{ ids: [OWN_ANSWER], color: 0 }];
    const viewer = mountViewer(this.element, lens, { ...carried, title, pins, positions: lens.run.positions });
    viewer.element.classList.add('ex-as-typed');
    this.frame.themed(viewer.store.state.theme);
    this.#ends.push(viewer.store.subscribe(({ theme }) => this.frame.themed(theme)), () => viewer.dispose());
  }

  clear(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#shown = [];
    this.element.replaceChildren();
  }

  #mount(entry: Entry): void {
    let above = this.frame.above(entry);
    this.element.append(above);
    this.#shown = [entry];
    this.#usualDown = firstView(entry.lens).down;
    let end = (): void => undefined;
    const show = ([first, second]: readonly Lens[]): void => {
      end();
      end = second ? this.#pair(entry, first!, second) : this.#single(entry, first!);
    };
    if (entry.lenses.length > 1) this.element.append(lensSwitch(entry.lenses, show));
    show(entry.lenses.slice(0, 2));
    this.#ends.push(
      () => end(),
      entry.lens.onGrowth(() => {
        if (!entry.finished) return;
        const after = this.frame.above(entry);
        above.replaceWith(after);
        above = after;
      }),
    );
  }

  /** Shows a lens of an entry; returns a function that ends it. */
  #single(entry: Entry, lens: Lens): () => void {
    const viewer = mountViewer(this.element, lens, entry.view);
    const forget = this.#keep(entry, viewer.store);
    // The prompt is in the line that stands for the form.
    const named = ({ title }: ViewState): void => void viewer.element.classList.toggle('ex-as-typed', title === promptWords(entry.form.prompt.text, 200));
    named(viewer.store.state);
    const unname = viewer.store.subscribe(named);
    const text = entry.begins !== undefined ? writtenText(entry, entry.begins, lens, viewer.store, (how) => this.frame.write(entry, how)) : undefined;
    if (text) viewer.element.before(text.element);
    return () => {
      forget();
      unname();
      text?.dispose();
      text?.element.remove();
      viewer.dispose();
    };
  }

  /** Shows two lenses of an entry side by side, likewise. */
  #pair(entry: Entry, ...lenses: readonly [Lens, Lens]): () => void {
    const { title = '' } = entry.view;
    const [first, second] = lenses.map((lens) => ({ lens, initial: { ...entry.view, title: `${title} · ${lensName(lens.run)}` } })) as [Shown, Shown];
    const { element, stores, dispose } = mountPair(this.element, first, second);
    const keep = (view: ViewState): void => {
      entry.view = { ...view, title };
      this.frame.themed(view.theme);
    };
    keep(stores[0]!.state);
    const ends = [stores[0]!.subscribe(keep), followGrowth(lenses[0], stores[0], element), dispose];
    return () => {
      for (const end of ends) end();
    };
  }

  /** Keeps the view of an entry; returns a function that ends it. */
  #keep(entry: Entry, store: Store): () => void {
    const keep = (view: ViewState): void => {
      entry.view = view;
      this.frame.themed(view.theme);
    };
    keep(store.state);
    return store.subscribe(keep);
  }
}
