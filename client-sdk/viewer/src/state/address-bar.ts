import { decode, encode } from './saved.js';
import type { Store } from './store.js';
import type { ViewState } from './view-state.js';

/** A view whose state the address holds, and the state that needs no words there. */
export interface Addressed {
  readonly store: Store;
  readonly first: ViewState;
}

/**
 * Keeps the address's fragment and the views' states the same, in both directions: a reload, a bookmark and a link bring the
 * view back. Entries of the history are replaced, not added: Back leaves the page as it always did.
 *
 * @param damaged told once, with the names of what was not believed
 * @returns what ends it
 */
export function keepInAddress(
  views: readonly Addressed[],
  damaged: (fields: readonly string[]) => void = () => {},
  page: Window = window,
): () => void {
  let told = false;
  let timer: number | undefined;
  let written = '';

  const read = () => {
    const fragment = page.location.hash.slice(1);
    if (fragment === written) return;
    written = fragment;
    const parts = fragment.split('/');
    const problems: string[] = [];
    views.forEach(({ store, first }, at) => {
      const restored = decode(parts[at] ?? '', first);
      problems.push(...restored.damaged);
      store.update(restored.state);
    });
    if (problems.length > 0 && !told) damaged(problems);
    told ||= problems.length > 0;
  };
  const write = () => {
    timer = undefined;
    written = views.map(({ store, first }) => encode(store.state, first)).join('/').replace(/^\/+$/, '');
    // A browser that limits how often, or a frame without a history, loses the address and nothing else.
    try {
      page.history.replaceState(page.history.state, '', written === '' ? page.location.pathname + page.location.search : `#${written}`);
    } catch {}
  };
  const changed = () => {
    if (timer === undefined) timer = page.setTimeout(write, 300);
  };

  read();
  page.addEventListener('hashchange', read);
  const ends = views.map(({ store }) => store.subscribe(changed));
  return () => {
    page.removeEventListener('hashchange', read);
    ends.forEach((end) => end());
    page.clearTimeout(timer);
  };
}
