// The page that HtmlReport writes. It shows its own results, or those of dropped files; two results are linked.
import './report.css';
import { h } from '../dom.js';
import { openBlock } from '../file/block.js';
import type { Lens, Origin } from '../lens/lens.js';
import { lensName } from '../lens/provenance.js';
import { keepInAddress } from '../state/address-bar.js';
import type { ViewState } from '../state/view-state.js';
import { damageNote } from '../toolbar/view-menu.js';
import { mountPair } from '../pair/pair-viewer.js';
import type { Store } from '../state/store.js';
import { mountViewer } from '../viewer.js';
import { areOneRun, lensSwitch } from '../pair/lens-switch.js';
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
let menu: HTMLElement | undefined;

/** Replaces the shown results; each of two has its own prompt as its title and, if they differ, its model. Returns their stores. */
function show([first, second]: readonly Lens[], initial: Partial<ViewState>): readonly Store[] {
  end();
  if (!first || !second) {
    const viewer = mountViewer(main, first!, initial);
    end = () => viewer.dispose();
    return [viewer.store];
  }
  const oneModel = first.run.model.name === second.run.model.name;
  const oneRun = areOneRun([first, second]);
  const title = (lens: Lens) =>
    oneRun ? lensTitle(lens) : oneModel ? titleOf(lens) : `${lens.run.model.name}: ${titleOf(lens)}`;
  const shown = (lens: Lens) => ({ lens, initial: { ...initial, title: title(lens) } });
  const viewer = mountPair(main, shown(first), shown(second));
  end = () => viewer.dispose();
  return viewer.stores;
}

function titleOf({ run }: Lens): string {
  return run.prompt ?? run.model.name;
}

const lensTitle = (lens: Lens): string => `${titleOf(lens)} · ${lensName(lens.run)}`;

/** With a switch above them if they are lenses of one run. */
function showAll(lenses: readonly Lens[], initial: Partial<ViewState>): readonly Store[] {
  menu?.remove();
  menu = undefined;
  if (lenses.length > 1 && areOneRun(lenses)) {
    menu = lensSwitch(lenses, (chosen) => show(chosen, { theme: options.theme, title: lensTitle(chosen[0]!) }));
    main.before(menu);
  }
  return show(lenses.slice(0, 2), initial);
}

async function start(): Promise<void> {
  const lenses = await Promise.all(Array.from({ length: options.results }, (_, result) => openBlock(partsOf(result), options.origin)));
  const stores = showAll(lenses, { title: options.title, theme: options.theme });
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
    showAll(lenses, { title: titleOf(lenses[0]!), theme: options.theme });
    scrollTo(0, 0);
  }),
);
start().catch((error: unknown) => main.append(h('p', { role: 'alert' }, `This page cannot show its data: ${(error as Error).message}.`)));
