import './viewer.css';
import { chart } from './chart/chart.js';
import { Darkness } from './color/theme.js';
import { h } from './dom.js';
import { heatMap } from './heatmap/heatmap.js';
import type { Lens } from './lens/lens.js';
import { cellPanel } from './panel/cell-panel.js';
import { find } from './panel/find.js';
import type { Part } from './part.js';
import { DEFAULT_VIEW } from './state/default-view.js';
import { Store } from './state/store.js';
import type { ViewState } from './state/view-state.js';
import { chartChoices } from './toolbar/chart-choices.js';
import { bindShortcuts } from './toolbar/shortcuts.js';
import { toolbar } from './toolbar/toolbar.js';

/** A viewer on a page: its element, and the store through which other code follows or controls it. */
export interface Viewer extends Part {
  readonly store: Store;
}

/** Shows a result in an element. `initial` holds the fields that differ from the default view. */
export function mountViewer(root: HTMLElement, lens: Lens, initial: Partial<ViewState> = {}): Viewer {
  const store = new Store({ ...firstView(lens), ...initial });
  const tools = toolbar(lens, store);
  const search = find(lens, store);
  const map = heatMap(lens, store);
  const choices = chartChoices(lens, store);
  const curves = chart(lens, store);
  const cell = cellPanel(lens, store);
  const parts = [tools, search, map, choices, curves, cell];
  const detail = h('div', { class: 'sl-detail' }, h('div', {}, h('div', {}, choices.element, curves.element), cell.element));
  const element = h('section', { class: 'sl-viewer' }, tools.element, search.element, map.element, detail);

  const darkness = new Darkness(store);
  const follow = (): void => {
    element.dataset['theme'] = darkness.dark ? 'dark' : 'light';
    element.setAttribute('aria-label', store.state.title || lens.run.model.name);
  };
  follow();
  const ends = [
    store.subscribe(follow),
    darkness.signal.subscribe(follow),
    bindShortcuts(element, parts),
    () => darkness.dispose(),
    ...parts.map((part) => () => part.dispose()),
  ];
  root.append(element);
  return {
    element,
    store,
    dispose() {
      for (const end of ends) end();
      element.remove();
    },
  };
}

/** Before any choice: the last cell, and the curve of the model's prediction there. */
export function firstView({ run }: Lens): ViewState {
  const layer = run.layers.at(-1)!;
  const position = run.positions.at(-1)!;
  const pins = [{ ids: [run.finalTops.at(-1)!.token.id], color: 0 }];
  return { ...DEFAULT_VIEW, title: run.prompt ?? run.model.name, selected: { layer, position }, pins };
}
