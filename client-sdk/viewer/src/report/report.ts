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

/** Replaces the shown results; one has the given title, each of two its own prompt and what else tells them apart. Returns their stores. */
function show([first, second]: readonly Lens[], ownTitle: string): readonly Store[] {
  const { theme } = options;
  end();
  if (!first || !second) {
    const viewer = mountViewer(main, first!, { theme, title: ownTitle });
    end = () => viewer.dispose();
    return [viewer.store];
  }
  const apart = (words: (lens: Lens) => string) => (words(first) === words(second) ? () => '' : words);
  const parts = [
    apart(({ run }) => `${run.model.name}: `),
    titleOf,
    apart(lensOf),
    apart(({ outcome }) => (outcome?.reached ? ' · changed' : ' · unchanged')),
  ];
  const title = (lens: Lens) => parts.map((part) => part(lens)).join('');
  const shown = (lens: Lens) => ({ lens, initial: { theme, title: title(lens) } });
  const viewer = mountPair(main, shown(first), shown(second));
  end = () => viewer.dispose();
  return viewer.stores;
}

function titleOf({ run }: Lens): string {
  return run.prompt ?? run.model.name;
}

const lensOf = ({ run }: Lens): string => ` · ${lensName(run)}`;

/** With a switch above them if they are lenses of one run. */
function showAll(lenses: readonly Lens[], ownTitle: string): readonly Store[] {
  menu?.remove();
  menu = undefined;
  if (lenses.length > 1 && areOneRun(lenses)) {
    menu = lensSwitch(lenses, (chosen) => show(chosen, titleOf(chosen[0]!) + lensOf(chosen[0]!)));
    main.before(menu);
  }
  return show(lenses.slice(0, 2), ownTitle);
}

async function start(): Promise<void> {
  const lenses = await Promise.all(Array.from({ length: options.results }, (_, result) => openBlock(partsOf(result), options.origin)));
  const stores = showAll(lenses, options.title);
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
    showAll(lenses, titleOf(lenses[0]!));
    scrollTo(0, 0);
  }),
);
start().catch((error: unknown) => main.append(h('p', { role: 'alert' }, `This page cannot show its data: ${(error as Error).message}.`)));
