import './pair.css';
import { chart } from '../chart/chart.js';
import { coloring } from '../color/coloring.js';
import { Darkness } from '../color/theme.js';
import { h } from '../dom.js';
import { heatMap } from '../heatmap/heatmap.js';
import type { Room } from '../heatmap/sizes.js';
import type { Lens } from '../lens/lens.js';
import { answer } from '../panel/answer.js';
import { cellPanel } from '../panel/cell-panel.js';
import { find } from '../panel/find.js';
import type { Part } from '../part.js';
import { link, type Mapping } from '../state/link.js';
import { Store } from '../state/store.js';
import type { Pin, ViewState } from '../state/view-state.js';
import { chartChoices } from '../toolbar/chart-choices.js';
import { heading } from '../toolbar/heading.js';
import { bindShortcuts } from '../toolbar/shortcuts.js';
import { toolbar } from '../toolbar/toolbar.js';
import { firstView } from '../viewer.js';
import { differenceColoring } from './difference-coloring.js';
import { DifferenceLens } from './difference-lens.js';
import { forth, pairOf, swapped } from './pair.js';
import { partingSentence } from './parting-sentence.js';

/** A result and the fields in which its first view differs from the default. */
export interface Shown {
  readonly lens: Lens;
  readonly initial: Partial<ViewState>;
}

/** A viewer of two results: its element, and the stores of their maps. */
export interface PairViewer extends Part {
  readonly stores: readonly [Store, Store];
}

/** Three maps share the width and the height of the window with what is known of the selected cell. */
const ROOM: Room = { below: 240, leastColumn: 40 };

/**
 * Shows two results in an element under one toolbar: their maps, a third one of what differs, and the selected cell and its
 * curves in both. Cells that belong together are selected together, and colors and charts have equal scales.
 */
export function mountPair(root: HTMLElement, first: Shown, second: Shown): PairViewer {
  const pair = pairOf(first.lens, second.lens);
  const difference = new DifferenceLens(pair);
  const views = [first, second].map(({ lens, initial }) => ({ ...firstView(lens), ...initial })) as [ViewState, ViewState];
  const pins = pair.oneVocabulary ? unitedPins(views) : undefined;
  const { down } = views[0];
  const [a, b] = views.map((view) => new Store({ ...view, down, pins: pins ?? view.pins })) as [Store, Store];
  const c = new Store({ ...a.state, title: `${a.state.title} | ${b.state.title}` });
  const vocabularySize = Math.max(...[first, second].map(({ lens }) => lens.run.model.vocabularySize ?? 2));
  const sides = [
    { name: 'A', lens: first.lens, store: a },
    { name: 'B', lens: second.lens, store: b },
    { name: 'Difference', lens: difference, store: c, coloring: () => differenceColoring(difference, a.state, b.state) },
  ] as const;
  const [sideA, sideB] = sides;

  const back: Mapping = (cell) => forth(swapped(pair), cell);
  const toB: Mapping = (cell) => forth(pair, cell);
  const paired: Mapping = (cell) => toB(cell) && cell;
  const links = [
    link(a, b, { forth: toB, back, sameVocabulary: pair.oneVocabulary }),
    link(a, c, { forth: paired, sameVocabulary: true }),
  ];

  const search = find(first.lens, a, sideB);
  const tools = toolbar(sides, search.element);
  const parting = partingSentence(difference, a);
  const choices = chartChoices([sideA, sideB]);
  const maps = sides.map((side) => heatMap(side.lens, side.store, { room: ROOM, coloring: 'coloring' in side ? side.coloring : (view) => coloring(side.lens, view, vocabularySize) }));
  const headings = [sideA, sideB].map(({ lens, store }) => heading(lens, store));
  const details = [sideA, sideB].map(({ lens, store }) => [answer(lens, store), chart(lens, store), cellPanel(lens, store)]);
  const parts = [tools, search, parting, choices, ...headings, ...maps, ...details.flat()];

  const named = (at: number, ...content: HTMLElement[]) =>
    h('section', { class: 'sl-side', 'aria-label': sides[at]!.name }, h('div', { class: 'sl-side-head' }, h('b', { class: 'sl-side-name' }, at < 2 ? sides[at]!.name : 'B − A'), ...content), maps[at]!.element);
  const element = h(
    'section',
    { class: 'sl-viewer sl-pair', 'aria-label': 'Two results' },
    tools.element,
    parting.element,
    h('div', { class: 'sl-sides' }, named(0, headings[0]!.element), named(1, headings[1]!.element), named(2, h('p', { class: 'sl-facts' }, uncounted(pair.layers.length, pair.positions.length, first.lens, second.lens)))),
    choices.element,
    h('div', { class: 'sl-sides sl-details' }, ...details.map((each, at) => h('section', { class: 'sl-side', 'aria-label': `Detail of ${sides[at]!.name}` }, h('b', { class: 'sl-side-name' }, sides[at]!.name), ...each.map((part) => part.element)))),
  );

  const darkness = new Darkness(a);
  const paint = () => void (element.dataset['theme'] = darkness.dark ? 'dark' : 'light');
  paint();
  const ends = [
    ...links,
    darkness.signal.subscribe(paint),
    bindShortcuts(element, parts),
    () => darkness.dispose(),
    ...parts.map((part) => () => part.dispose()),
  ];
  root.append(element);
  return {
    element,
    stores: [a, b],
    dispose() {
      for (const end of ends) end();
      element.remove();
    },
  };
}

/** The first curves of both, each token once. */
function unitedPins(views: readonly ViewState[]): Pin[] {
  const all = new Map(views.flatMap(({ pins }) => pins).map((pin) => [pin.ids.join(), pin.ids]));
  return [...all.values()].map((ids, color) => ({ ids, color }));
}

/** Which cells the map of differences leaves out; nothing if all have a counterpart. */
function uncounted(layers: number, positions: number, a: Lens, b: Lens): string {
  const left = (what: string, count: number, of: readonly number[]) => (of.every((each) => each === count) ? '' : `${count} ${what} of A’s ${of[0]} and B’s ${of[1]} belong together`);
  const both = [a.run, b.run];
  return [left('layers', layers, both.map((run) => run.layers.length)), left('tokens', positions, both.map((run) => run.positions.length))].filter((part) => part !== '').join(' · ');
}
