import { indexIn } from '../lens/address.js';
import type { Lens, Outcome, Prediction, Run, Token } from '../lens/lens.js';
import type { Head } from './head.js';
import type { Page } from './page.js';

/** Decoded cells that stay in memory: more than a print takes. */
const MOST_CELLS = 2 ** 17;

/** A complete result whose pages are read on demand, and let go when many others have been read since. */
export class PagedLens implements Lens {
  readonly run: Run;
  readonly layersReady: number;
  readonly outcome: Outcome | undefined;
  readonly #vocabulary: ReadonlyMap<number, Token>;
  readonly #pageSize: number;
  readonly #read: (page: number) => Promise<Page>;
  /** The one that was read first is first. */
  readonly #pages = new Map<number, Page>();
  #shown: readonly [number, number] = [0, -1];
  /** Pages that are being loaded together with others: how many loads wait for each. */
  readonly #waited = new Map<number, number>();
  readonly #reading = new Map<number, Promise<void>>();

  /** `read` returns the numbers of positions `page * pageSize .. (page + 1) * pageSize - 1`, fewer in the last page. */
  constructor(head: Head, pageSize: number, read: (page: number) => Promise<Page>) {
    this.run = head.run;
    this.layersReady = head.run.layers.length;
    this.outcome = head.outcome;
    this.#vocabulary = head.vocabulary;
    this.#pageSize = pageSize;
    this.#read = read;
  }

  /** A lens of one page that is loaded already. */
  static of(head: Head, page: Page): PagedLens {
    const lens = new PagedLens(head, head.run.positions.length, () => Promise.resolve(page));
    lens.#pages.set(0, page);
    return lens;
  }

  isLoaded(p: number): boolean {
    return this.#pages.has(Math.floor(p / this.#pageSize));
  }

  /** Loads page after page, so that other requests do not wait for all of them. */
  async load(from: number, to: number): Promise<void> {
    const pages = this.#range(from, to);
    for (const page of pages) this.#waited.set(page, (this.#waited.get(page) ?? 0) + 1);
    try {
      for (const page of pages) if (!this.#pages.has(page)) await this.#once(page);
    } finally {
      for (const page of pages) {
        const others = this.#waited.get(page)! - 1;
        if (others > 0) this.#waited.set(page, others);
        else this.#waited.delete(page);
      }
    }
  }

  show(from: number, to: number): void {
    const pages = this.#range(from, to);
    this.#shown = [pages[0] ?? 0, pages.at(-1) ?? -1];
  }

  #range(from: number, to: number): number[] {
    const first = Math.floor(Math.max(0, from) / this.#pageSize);
    const last = Math.floor((Math.min(to, this.run.positions.length) - 1) / this.#pageSize);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  }

  /** Lets go of the oldest pages that are neither shown nor waited for. */
  #letGo(): void {
    const [first, last] = this.#shown;
    const most = MOST_CELLS / (this.#pageSize * this.run.layers.length);
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= most) return;
      if ((page < first || page > last) && !this.#waited.has(page)) this.#pages.delete(page);
    }
  }

  #once(page: number): Promise<void> {
    let reading = this.#reading.get(page);
    if (reading === undefined) {
      reading = this.#read(page).then((read) => {
        this.#reading.delete(page);
        this.#letGo();
        this.#pages.set(page, read);
      });
      this.#reading.set(page, reading);
    }
    return reading;
  }

  prediction(l: number, p: number, place: number): Prediction {
    if (!(place >= 0 && place < this.run.k)) throw new RangeError(`place ${place} is outside 0 .. ${this.run.k - 1}`);
    const at = this.#cell(l, p) * this.run.k + place;
    const page = this.#page(p);
    return { token: this.token(page.topIds[at]!), logProb: page.topLogProbs[at]! };
  }

  statistic(name: string, l: number, p: number): number {
    return this.#page(p).statistics.get(name)?.[this.#cell(l, p)] ?? NaN;
  }

  targetRank(target: number, l: number, p: number): number {
    return this.#target(this.#page(p).ranks, target)[this.#cell(l, p)]!;
  }

  targetLogProb(target: number, l: number, p: number): number {
    return this.#target(this.#page(p).targetLogProbs, target)[this.#cell(l, p)]!;
  }

  tracked(p: number): Int32Array {
    return this.#page(p).tracked[p % this.#pageSize]!;
  }

  logProb(id: number, l: number, p: number): number | undefined {
    const page = this.#page(p);
    const row = indexIn(page.tracked[p % this.#pageSize]!, id);
    const cell = this.#cell(l, p);
    if (row >= 0) return page.curves[p % this.#pageSize]![row * this.run.layers.length + l]!;
    for (let at = cell * this.run.k; at < (cell + 1) * this.run.k; at++) {
      if (page.topIds[at] === id) return page.topLogProbs[at]!;
    }
    const target = this.run.targets.findIndex((candidate) => candidate.ids[p] === id);
    return target < 0 ? undefined : page.targetLogProbs[target]![cell]!;
  }

  token(id: number): Token {
    const token = this.#vocabulary.get(id);
    if (token === undefined) throw new RangeError(`token id ${id} does not occur in this result`);
    return token;
  }

  vocabulary(): Iterable<Token> {
    return this.#vocabulary.values();
  }

  onGrowth(): () => void {
    return () => {};
  }

  #page(p: number): Page {
    const page = this.#pages.get(Math.floor(p / this.#pageSize));
    if (page === undefined || !(p < this.run.positions.length)) throw new RangeError(`column ${p} is not loaded`);
    return page;
  }

  #cell(l: number, p: number): number {
    if (!(l >= 0 && l < this.layersReady)) throw new RangeError(`row ${l} is outside 0 .. ${this.layersReady - 1}`);
    return (p % this.#pageSize) * this.run.layers.length + l;
  }

  #target<T>(columns: readonly T[], target: number): T {
    const column = columns[target];
    if (column === undefined) throw new RangeError(`target ${target} does not exist; there are ${columns.length}`);
    return column;
  }
}
