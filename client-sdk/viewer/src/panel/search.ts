import type { Lens } from '../lens/lens.js';
import type { CellAddress } from '../state/view-state.js';
import type { Query } from './query.js';

/** Matches of a search so far, ordered by position and then by layer. */
export interface Found {
  readonly cells: readonly CellAddress[];
  /** Number of searched columns. */
  readonly searched: number;
}

/** Number of columns that are loaded at once. */
const AT_ONCE = 32;
/** Longest pause of the page, in milliseconds. */
const BLOCK = 8;
/** Milliseconds between reports of matches; each report redraws the marks of the map. */
const TELL = 100;

/**
 * Searches all columns for cells with a matching token among their first `places`, with pauses for the page. `progress`
 * receives the matches; an aborted search no longer calls it.
 *
 * @throws the lens's error if data is damaged
 */
export async function search(
  lens: Lens,
  query: Query,
  places: number,
  progress: (found: Found) => void,
  signal: AbortSignal,
): Promise<void> {
  const { positions, layers, k } = lens.run;
  const ready = lens.layersReady;
  const depth = Math.min(places, k);
  const cells: CellAddress[] = [];
  const answers = new Map<number, boolean>();
  const asked = (l: number, p: number): boolean => {
    for (let place = 0; place < depth; place++) {
      const { token } = lens.prediction(l, p, place);
      let answer = answers.get(token.id);
      if (answer === undefined) answers.set(token.id, (answer = query(token)));
      if (answer) return true;
    }
    return false;
  };
  let since = performance.now();
  let told = since;
  for (let from = 0; from < positions.length; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, positions.length);
    await lens.load(from, to);
    for (let p = from; p < to; p++) {
      if (signal.aborted) return;
      for (let l = 0; l < ready; l++) if (asked(l, p)) cells.push({ layer: layers[l]!, position: positions[p]! });
      if (performance.now() - since < BLOCK) continue;
      if (performance.now() - told > TELL) {
        progress({ cells, searched: p + 1 });
        told = performance.now();
      }
      await new Promise((resume) => setTimeout(resume));
      since = performance.now();
    }
  }
  if (!signal.aborted) progress({ cells, searched: positions.length });
}

/** Index of the match after a cell, or before it, wrapping around; -1 if there is none. */
export function nextHit(cells: readonly CellAddress[], from: CellAddress | undefined, by: 1 | -1): number {
  if (cells.length === 0) return -1;
  const before = (a: CellAddress, b: CellAddress) => a.position < b.position || (a.position === b.position && a.layer < b.layer);
  if (!from) return by > 0 ? 0 : cells.length - 1;
  const next = by > 0 ? cells.findIndex((cell) => before(from, cell)) : cells.findLastIndex((cell) => before(cell, from));
  return next >= 0 ? next : by > 0 ? 0 : cells.length - 1;
}
