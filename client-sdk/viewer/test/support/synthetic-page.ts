// A page with a heat map and its toolbar on a synthetic lens, as the tests ask for in the page's fragment.
import { heatMap } from '../../src/heatmap/heatmap.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { Store } from '../../src/state/store.js';
import type { ViewState } from '../../src/state/view-state.js';
import { bindShortcuts } from '../../src/toolbar/shortcuts.js';
import { heading } from '../../src/toolbar/heading.js';
import { toolbar } from '../../src/toolbar/toolbar.js';
import { SyntheticLens, type Synthetic } from './synthetic-lens.js';

interface Asked {
  readonly lens: Synthetic;
  readonly view: Partial<ViewState>;
}

const asked = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Asked;
const lens = new SyntheticLens(asked.lens);
const store = new Store({ ...DEFAULT_VIEW, ...asked.view });
const parts = [heading(lens, store), toolbar([{ name: 'map', lens, store }]), heatMap(lens, store)];
const viewer = document.createElement('main');
viewer.className = 'sl-viewer';
const paint = () => {
  viewer.dataset['theme'] = store.state.theme === 'dark' ? 'dark' : 'light';
};
paint();
store.subscribe(paint);
viewer.append(...parts.map((part) => part.element));
document.body.append(viewer);
bindShortcuts(viewer, parts);
Object.assign(globalThis, { lens, store });
