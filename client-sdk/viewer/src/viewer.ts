import './viewer.css';
import { chart } from './chart/chart.js';
import { Darkness } from './color/theme.js';
import { Detail } from './detail.js';
import { h } from './dom.js';
import { heatMap } from './heatmap/heatmap.js';
import { downFor } from './heatmap/sizes.js';
import type { Lens, Run } from './lens/lens.js';
import { answer } from './panel/answer.js';
import { cellPanel } from './panel/cell-panel.js';
import { find } from './panel/find.js';
import type { Part } from './part.js';
import { DEFAULT_VIEW } from './state/default-view.js';
import { Store } from './state/store.js';
import type { ViewState } from './state/view-state.js';
import { chartChoices } from './toolbar/chart-choices.js';
import { heading } from './toolbar/heading.js';
import { bindShortcuts } from './toolbar/shortcuts.js';
import { toolbar } from './toolbar/toolbar.js';

/** A viewer on a page: its element, and the store through which other code follows or controls it. */
export interface Viewer extends Part {
  readonly store: Store;
}

/** Shows a result in an element. `initial` holds the fields that differ from the default view. */
export function mountViewer(root: HTMLElement, lens: Lens, initial: Partial<ViewState> = {}): Viewer {
  const store = new Store({ ...firstView(lens), ...initial });
  const search = find(lens, store);
  const head = heading(lens, store);
  const sides = [{ name: 'map', lens, store }] as const;
  const tools = toolbar(sides, search.element);
  const says = answer(lens, store);
  const map = heatMap(lens, store);
  const choices = chartChoices(sides);
  const curves = chart(lens, store);
  const cell = cellPanel(lens, store);
  const parts = [head, tools, search, map, says, choices, curves, cell];
  const detail = new Detail(lens, store, map.element, [says.element, choices.element, curves.element, cell.element]);
  const element = h('section', { class: 'sl-viewer' }, head.element, tools.element, detail.element);

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
    followGrowth(lens, store, map.element),
    () => darkness.dispose(),
    () => detail.dispose(),
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

/**
 * Keeps the newest layer selected, and so in view, while layers arrive, and the newest token while a model writes; until the
 * reader uses the map or selects a cell.
 */
export function followGrowth(lens: Lens, store: Store, map: HTMLElement): () => void {
  const { run } = lens;
  const tokens = run.positions.length;
  let { selected: followed, pins } = store.state;
  const used = new AbortController();
  const options = { passive: true, signal: used.signal };
  for (const use of ['wheel', 'touchmove', 'pointerdown', 'keydown']) map.addEventListener(use, () => used.abort(), options);
  const end = lens.onGrowth(() => {
    const layer = run.layers[lens.layersReady - 1];
    if (used.signal.aborted || !followed || store.state.selected !== followed || layer === undefined) return;
    const position = run.positions.length > tokens ? run.positions.at(-1)! : followed.position;
    if (layer === followed.layer && position === followed.position) return;
    const last = { position: followed.position, pins };
    followed = { layer, position };
    // The curve of the newest prediction, unless the reader has chosen others.
    if (position !== last.position && store.state.pins === pins) pins = firstPins(run);
    store.update(store.state.pins === last.pins ? { selected: followed, pins } : { selected: followed });
  });
  return () => {
    used.abort();
    end();
  };
}

/** Before any choice: a map as its shape is best read, the newest layer at the last position, and the curve of the model's prediction there. */
export function firstView({ run, layersReady }: Lens): ViewState {
  const layer = run.layers[Math.max(0, layersReady - 1)]!;
  const position = run.positions.at(-1)!;
  const down = downFor(run.layers.length, run.positions.length);
  return { ...DEFAULT_VIEW, down, title: run.prompt ?? run.model.name, selected: { layer, position }, pins: firstPins(run) };
}

function firstPins({ finalTops }: Run): ViewState['pins'] {
  return [{ ids: [finalTops.at(-1)!.token.id], color: 0 }];
}
