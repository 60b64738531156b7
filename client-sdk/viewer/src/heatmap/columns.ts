import { messageOf } from '../controls.js';
import type { Lens } from '../lens/lens.js';

/** Number of columns that are decoded together: a page of a report, so that the first cells need no second one. */
const CHUNK = 32;

/** Loads columns before they are shown, and remembers failures. */
export class Columns {
  readonly #lens: Lens;
  readonly #changed: () => void;
  readonly #asked = new Map<number, Promise<void>>();
  readonly #failures = new Map<number, string>();

  /** @param changed called when columns are loaded or have failed */
  constructor(lens: Lens, changed: () => void) {
    this.#lens = lens;
    this.#changed = changed;
  }

  /** Loads the chunks of columns `from .. to - 1`; resolves when they are loaded or have failed. */
  async want(from: number, to: number): Promise<void> {
    const waits: Promise<void>[] = [];
    const end = Math.min(to, this.#lens.run.positions.length);
    for (let chunk = Math.floor(Math.max(0, from) / CHUNK); chunk * CHUNK < end; chunk++) {
      if (!this.#isLoaded(chunk) && !this.#failures.has(chunk)) waits.push(this.#load(chunk));
    }
    await Promise.all(waits);
  }

  /** Why a column cannot be read; undefined if it can. */
  failure(p: number): string | undefined {
    return this.#failures.get(Math.floor(p / CHUNK));
  }

  /** The first reason why columns cannot be read; undefined if all can. */
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
        this.#failures.set(chunk, messageOf(reason));
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
