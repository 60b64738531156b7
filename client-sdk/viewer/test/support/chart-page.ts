// A page with the chart, its choices, the cell panel and the search on numbers that a test can reckon with.
import '../../src/color/theme.css';
import { chart } from '../../src/chart/chart.js';
import { cellPanel } from '../../src/panel/cell-panel.js';
import { find } from '../../src/panel/find.js';
import { keepInAddress } from '../../src/state/address-bar.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { Store } from '../../src/state/store.js';
import type { ViewState } from '../../src/state/view-state.js';
import { chartChoices } from '../../src/toolbar/chart-choices.js';
import { bindShortcuts } from '../../src/toolbar/shortcuts.js';
import { toolbar } from '../../src/toolbar/toolbar.js';
import { WrittenLens } from './written-lens.js';

const WORDS = [' Paris', ' London', ' the', ' a', '</script><script>x=1</script>', 'x'.repeat(10_000), '\u202eabc'];

/** Best by layer: the first position settles on Paris at layer 3, the second never leaves what it has. */
const BEST = [
  [2, 2, 1, 1, 0, 0, 0],
  [3, 3, 3, 3, 3, 3, 3],
  [5, 4, 6, 5, 4, 6, 5],
];

const probabilities = BEST.map((layers) =>
  layers.map((best, l) => {
    const sure = 0.3 + 0.1 * l;
    const rest = WORDS.map((_, id) => (id === best ? 0 : 7 - id));
    const sum = rest.reduce((a, b) => a + b);
    return rest.map((weight, id) => (id === best ? sure : ((1 - sure) * weight) / sum));
  }),
);

const lens = new WrittenLens({
  words: WORDS,
  probabilities,
  layers: [-1, 0, 1, 2, 3, 4, 5],
  k: 3,
  targets: [{ kind: 'final_top', text: undefined, tokenIds: [], ids: [0, 3, 5] }],
  tracked: [[0, 1, 2], [3, 0], [4, 5, 6]],
  statistics: { entropy: (l, p) => 3 - l / 3 + p, 'kl-from-final': (l, p) => (6 - l) * (p + 1), 'kl-from-next': (l) => (l < 6 ? (l === 3 ? 2 : 0.5) : Number.NaN) },
});

const asked = JSON.parse(decodeURIComponent(location.hash.slice(1))) as { readonly view: Partial<ViewState> };
const store = new Store({ ...DEFAULT_VIEW, ...asked.view });
const sides = [{ name: 'map', lens, store }] as const;
const parts = [toolbar(sides), chartChoices(sides), chart(lens, store), find(lens, store), cellPanel(lens, store)];
const viewer = document.createElement('main');
viewer.className = 'sl-viewer';
const paint = () => {
  viewer.dataset['theme'] = store.state.theme === 'dark' ? 'dark' : 'light';
};
paint();
store.subscribe(paint);
const title = document.createElement('h1');
title.textContent = 'Test';
viewer.append(title, ...parts.map((part) => part.element));
document.body.append(viewer);
bindShortcuts(viewer, parts);
Object.assign(globalThis, { lens, store, keepInAddress, first: DEFAULT_VIEW });
