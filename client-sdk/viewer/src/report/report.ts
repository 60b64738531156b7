// The page that HtmlReport writes: shows the results that are in it, two of them linked.
import { h } from '../dom.js';
import { openBlock } from '../file/block.js';
import type { Model } from '../lens/lens.js';
import { keepInAddress } from '../state/address-bar.js';
import { link } from '../state/link.js';
import type { ViewState } from '../state/view-state.js';
import { damageNote } from '../toolbar/view-menu.js';
import { mountViewer } from '../viewer.js';
import { partsOf } from './parts.js';

interface Options {
  readonly title: string;
  readonly theme: ViewState['theme'];
  readonly results: number;
}

const options = JSON.parse(document.getElementById('report')!.textContent!) as Options;
const main = h('main');
document.body.append(main);

async function show(): Promise<void> {
  const lenses = await Promise.all(Array.from({ length: options.results }, (_, result) => openBlock(partsOf(result))));
  const viewers = lenses.map((lens, place) => {
    // The title is the page's: above the first, where there are two.
    const title = place === 0 ? { title: options.title } : {};
    return mountViewer(main, lens, { ...title, theme: options.theme });
  });
  const addressed = viewers.map(({ store }) => ({ store, first: store.state }));
  keepInAddress(addressed, (fields) => main.prepend(h('p', { role: 'status' }, damageNote(fields))));
  const [left, right] = viewers;
  if (left && right) link(left.store, right.store, { sameVocabulary: sameVocabulary(lenses[0]!.run.model, lenses[1]!.run.model) });
}

function sameVocabulary(left: Model, right: Model): boolean {
  return left.name === right.name && left.vocabularySize === right.vocabularySize;
}

show().catch((error: unknown) => main.append(h('p', { role: 'alert' }, `This page cannot show its data: ${(error as Error).message}.`)));
