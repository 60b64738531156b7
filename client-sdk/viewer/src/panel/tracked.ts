import type { Lens } from '../lens/lens.js';
import { visibleText } from '../lens/visible-text.js';

/** A tracked token of a position, and the layer of its highest probability. */
export interface Peak {
  readonly id: number;
  readonly text: string;
  /** Index into `run.layers`. */
  readonly l: number;
  readonly logProb: number;
}

/** The tracked tokens of a loaded column, the highest peak first. */
export function peaks(lens: Lens, p: number): Peak[] {
  const found: Peak[] = [];
  for (const id of lens.tracked(p)) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let l = 0; l < lens.layersReady; l++) {
      const logProb = lens.logProb(id, l, p);
      if (logProb !== undefined && (best < 0 || logProb > most)) [best, most] = [l, logProb];
    }
    if (best >= 0) found.push({ id, text: lens.token(id).text, l: best, logProb: most });
  }
  return found.sort((a, b) => b.logProb - a.logProb || a.id - b.id);
}

/** Those whose text, shown form or id contains the typed text; case does not matter. */
export function filtered(all: readonly Peak[], typed: string): readonly Peak[] {
  const wanted = typed.toLowerCase();
  return wanted === ''
    ? all
    : all.filter(({ id, text }) => [text, visibleText(text), String(id)].some((each) => each.toLowerCase().includes(wanted)));
}
