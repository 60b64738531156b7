/** An entry with an id and a size in memory. */
export interface Kept {
  readonly id: string;
  readonly bytes: number;
  /** Lets its numbers go, if they can be read again; whether it could. */
  release(): boolean;
}

/**
 * Entries, and the numbers of the newest, up to a count and a size in bytes. Older ones let their numbers go, or leave if
 * they cannot be read again. The newest one stays whatever its size.
 */
export class History<T extends Kept> {
  #entries: readonly T[] = [];

  constructor(
    readonly limit: number,
    readonly byteLimit: number,
  ) {}

  /** Newest first. */
  get entries(): readonly T[] {
    return this.#entries;
  }

  find(id: string): T | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  /** Adds older entries than those that are there. */
  addOlder(entries: readonly T[]): void {
    this.#entries = [...this.#entries, ...entries];
  }

  /** Adds an entry, and returns the oldest ones that left for it. */
  add(entry: T): readonly T[] {
    const all = [entry, ...this.#entries];
    let bytes = 0;
    let count = 0;
    const gone = all.filter((each, i) => {
      if (i > 0 && each.bytes === 0) return false;
      bytes += each.bytes;
      return i > 0 && (++count >= this.limit || bytes > this.byteLimit) && !each.release();
    });
    this.#entries = all.filter((each) => !gone.includes(each));
    return gone;
  }

  remove(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }
}
