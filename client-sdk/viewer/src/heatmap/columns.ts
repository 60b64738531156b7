import type { Lens } from '../lens/lens.js';

/** Columns that are decoded together where more than the asked ones are wanted. */
const CHUNK = 64;

/** Makes columns readable before they are shown, and remembers which could not be. */
export class Columns {
  readonly #lens: Lens;
  readonly #changed: () => void;
  readonly #asked = new Map<number, Promise<void>>();
  readonly #failures = new Map<number, string>();

  /** @param changed called when columns became readable or failed */
  constructor(lens: Lens, changed: () => void) {
    this.#lens = lens;
    this.#changed = changed;
  }

  /** Begins to load the chunks that columns `from .. to - 1` lie in; resolves when they are readable or have failed. */
  async want(from: number, to: number): Promise<void> {
    const waits: Promise<void>[] = [];
    const end = Math.min(to, this.#lens.run.positions.length);
    for (let chunk = Math.floor(Math.max(0, from) / CHUNK); chunk * CHUNK < end; chunk++) {
      if (!this.#isLoaded(chunk) && !this.#failures.has(chunk)) waits.push(this.#load(chunk));
    }
    await Promise.all(waits);
  }

  /** Why a column cannot be read; undefined where nothing is wrong. */
  failure(p: number): string | undefined {
    return this.#failures.get(Math.floor(p / CHUNK));
  }

  /** The first reason why columns cannot be read; undefined where nothing is wrong. */
  get firstFailure(): string | undefined {
    return this.#failures.values().next().value;
  }

  #isLoaded(chunk: number): boolean {
    const [from, to] = this.#range(chunk);
    for (let p = from; p < to; p++) if (!this.#lens.isLoaded(p)) return false;
    return true;
  }

  #load(chunk: number): Promise<void> {
    const asked = this.#asked.get(chunk);
    if (asked) return asked;
    const load = this.#lens
      .load(...this.#range(chunk))
      .catch((reason: unknown) => {
        this.#failures.set(chunk, reason instanceof Error ? reason.message : String(reason));
      })
      .finally(() => {
        this.#asked.delete(chunk);
        this.#changed();
      });
    this.#asked.set(chunk, load);
    return load;
  }

  #range(chunk: number): [number, number] {
    return [chunk * CHUNK, Math.min((chunk + 1) * CHUNK, this.#lens.run.positions.length)];
  }
}
