// A page with a whole viewer on a synthetic lens, as the tests ask for in the page's fragment.
import { mountViewer } from '../../src/viewer.js';
import type { ViewState } from '../../src/state/view-state.js';
import { SyntheticLens, type Synthetic } from './synthetic-lens.js';

interface Asked {
  readonly lens: Synthetic;
  readonly view: Partial<ViewState>;
}

const asked = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Asked;
const lens = new SyntheticLens(asked.lens);
const main = document.createElement('main');
document.body.append(main);
const { store } = mountViewer(main, lens, asked.view);
Object.assign(globalThis, { lens, store });
