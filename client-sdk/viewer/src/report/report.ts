// The page that HtmlReport writes. It shows its own results, or those of dropped files; two results are linked.
import './report.css';
import { h } from '../dom.js';
import { openBlock } from '../file/block.js';
import type { Lens, Origin } from '../lens/lens.js';
import { keepInAddress } from '../state/address-bar.js';
import { link } from '../state/link.js';
import type { ViewState } from '../state/view-state.js';
import { damageNote } from '../toolbar/view-menu.js';
import { mountViewer, type Viewer } from '../viewer.js';
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

/** Replaces the shown results; each has the given title, or its own prompt and, if they differ, its model. */
function show(lenses: readonly Lens[], initial: Partial<ViewState>): Viewer[] {
  end();
  const oneModel = new Set(lenses.map(({ run }) => run.model.name)).size === 1;
  const title = (lens: Lens) => (oneModel ? titleOf(lens) : `${lens.run.model.name}: ${titleOf(lens)}`);
  const viewers = lenses.map((lens) => mountViewer(main, lens, lenses.length === 1 ? initial : { ...initial, title: title(lens) }));
  main.classList.toggle('sl-two', viewers.length > 1);
  const [left, right] = viewers;
  const unlink = left && right ? link(left.store, right.store, { sameVocabulary: sameVocabulary(lenses) }) : () => {};
  end = () => {
    unlink();
    for (const viewer of viewers) viewer.dispose();
  };
  return viewers;
}

function titleOf({ run }: Lens): string {
  return run.prompt ?? run.model.name;
}

function sameVocabulary(lenses: readonly Lens[]): boolean {
  const [left, right] = lenses.map(({ run }) => run.model);
  return left?.name === right?.name && left?.vocabularySize === right?.vocabularySize && left?.vocabularySize !== undefined;
}

async function start(): Promise<void> {
  const lenses = await Promise.all(Array.from({ length: options.results }, (_, result) => openBlock(partsOf(result), options.origin)));
  const viewers = show(lenses, { title: options.title, theme: options.theme });
  const forget = keepInAddress(viewers.map(({ store }) => ({ store, first: store.state })), (fields) => {
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
