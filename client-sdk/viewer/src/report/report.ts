// The page that HtmlReport writes. It shows its own results, or those of dropped files; two results are linked.
import './report.css';
import { h } from '../dom.js';
import { openBlock } from '../file/block.js';
import type { Lens, Origin } from '../lens/lens.js';
import { keepInAddress } from '../state/address-bar.js';
import type { ViewState } from '../state/view-state.js';
import { damageNote } from '../toolbar/view-menu.js';
import { mountPair } from '../pair/pair-viewer.js';
import type { Store } from '../state/store.js';
import { mountViewer } from '../viewer.js';
import { openFiles } from './open-files.js';
import { partsOf } from './parts.js';

interface Options {
  readonly title: string;
  readonly theme: ViewState['theme'];
  readonly results: number;
  readonly origin: Origin;
}

const options = JSON.parse(document.getElementById('report')!.textContent!) as Options;
const main = h('main', { class: 'sl-page' });
let end = (): void => {};

/** Replaces the shown results; each of two has its own prompt as its title and, if they differ, its model. Returns their stores. */
function show([first, second]: readonly Lens[], initial: Partial<ViewState>): readonly Store[] {
  end();
  if (!first || !second) {
    const viewer = mountViewer(main, first!, initial);
    end = () => viewer.dispose();
    return [viewer.store];
  }
  const oneModel = first.run.model.name === second.run.model.name;
  const title = (lens: Lens) => (oneModel ? titleOf(lens) : `${lens.run.model.name}: ${titleOf(lens)}`);
  const shown = (lens: Lens) => ({ lens, initial: { ...initial, title: title(lens) } });
  const viewer = mountPair(main, shown(first), shown(second));
  end = () => viewer.dispose();
  return viewer.stores;
}

function titleOf({ run }: Lens): string {
  return run.prompt ?? run.model.name;
}

async function start(): Promise<void> {
  const lenses = await Promise.all(Array.from({ length: options.results }, (_, result) => openBlock(partsOf(result), options.origin)));
  const stores = show(lenses, { title: options.title, theme: options.theme });
  const forget = keepInAddress(stores.map((store) => ({ store, first: store.state })), (fields) => {
    main.prepend(h('p', { role: 'status' }, damageNote(fields)));
  });
  const endShown = end;
  end = () => {
    // Dropped files have no address.
    forget();
    endShown();
  };
}

document.body.append(
  main,
  openFiles((lenses) => {
    show(lenses, { title: titleOf(lenses[0]!), theme: options.theme });
    scrollTo(0, 0);
  }),
);
start().catch((error: unknown) => main.append(h('p', { role: 'alert' }, `This page cannot show its data: ${(error as Error).message}.`)));
