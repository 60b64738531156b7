import type { Coloring } from '../color/coloring.js';
import type { Ink, Scale } from '../color/scale.js';
import type { Lens } from '../lens/lens.js';
import { percent } from '../lens/numbers.js';
import { promptText } from '../lens/prompt-text.js';
import { cut, visibleText } from '../lens/visible-text.js';
import type { Columns } from './columns.js';

/** More of a text than any cell shows; a token may have ten thousand characters. */
export const LONGEST = 48;

/** The look of a cell, and its text for screen readers. */
export interface Look {
  readonly text: string;
  readonly label: string;
  readonly ink: Ink | undefined;
  readonly state: 'ready' | 'pending' | 'loading' | 'failed' | 'empty';
}

/** The looks of the cells of one lens in one coloring. */
export class Looks {
  readonly #lens: Lens;
  readonly #texts = new Map<number, string>();
  readonly #columns: Columns;
  coloring: Coloring;
  scale: Scale;

  constructor(lens: Lens, coloring: Coloring, scale: Scale, columns: Columns) {
    this.#lens = lens;
    this.coloring = coloring;
    this.scale = scale;
    this.#columns = columns;
  }

  at(l: number, p: number): Look {
    if (l >= this.#lens.layersReady) return blank('pending', 'not computed yet');
    const failure = this.#columns.failure(p);
    if (failure !== undefined) return blank('failed', failure);
    if (!this.#lens.isLoaded(p)) return blank('loading', 'loading');
    const best = this.#lens.prediction(l, p, 0);
    const text = this.text(best.token.id, p);
    const level = this.coloring.level(l, p);
    const value = this.coloring.value(l, p);
    const word = this.coloring.word(l, p);
    const meant = word === undefined || word === value ? `${text}, ${percent(Math.exp(best.logProb))}` : word;
    const { name, outline, threshold } = this.coloring;
    const labels = [meant, ...(value === undefined || meant.endsWith(value) ? [] : [`${name}: ${value}`]), ...(outline && !threshold && this.isInside(l, p) ? [outline] : [])];
    return {
      text: word ?? text,
      label: labels.join('; '),
      ink: level === undefined ? undefined : this.scale.at(level),
      state: level === undefined ? 'empty' : 'ready',
    };
  }

  /** The colors of a cell; undefined if it has none, or none yet. */
  ink(l: number, p: number): Ink | undefined {
    if (l >= this.#lens.layersReady || !this.#lens.isLoaded(p)) return undefined;
    const level = this.coloring.level(l, p);
    return level === undefined ? undefined : this.scale.at(level);
  }

  /** Whether a cell is inside of the outline; undefined if there is none, or the cell is not here. */
  isInside(l: number, p: number): boolean | undefined {
    return l < this.#lens.layersReady && this.#lens.isLoaded(p) ? this.coloring.isInside(l, p) : undefined;
  }

  /** The text of a token in a cell. A part of a character that goes on as the prompt does shows the character. */
  text(id: number, p: number): string {
    const { run } = this.#lens;
    const next = run.positions[p]! + 1;
    if (run.tokens[next]?.id === id) return cut(promptText(run, next), LONGEST);
    let text = this.#texts.get(id);
    if (text === undefined) this.#texts.set(id, (text = shortened(this.#lens.token(id).text)));
    return text;
  }
}

/** A text for cells and heads: visible, and cut to their largest width. */
export function shortened(text: string): string {
  return cut(visibleText(text.slice(0, 2 * LONGEST)), LONGEST);
}

function blank(state: Look['state'], label: string): Look {
  return { text: '', label, ink: undefined, state };
}
