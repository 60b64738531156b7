import { decode, encode } from './saved.js';
import type { Store } from './store.js';
import type { ViewState } from './view-state.js';

/** A view whose state the address holds, and its default state, which the address leaves out. */
export interface Addressed {
  readonly store: Store;
  readonly first: ViewState;
}

/**
 * Keeps the address's fragment and the states of the views equal, in both directions: a reload, a bookmark and a link
 * restore the view. It replaces entries of the history, so Back leaves the page as usual.
 *
 * @param damaged called once, with the names of invalid fields @returns a function that ends it
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
    // In a browser that limits changes, or a frame without a history, only the address is lost.
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
