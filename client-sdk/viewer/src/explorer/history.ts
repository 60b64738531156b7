/** An entry with an id and a size in memory. */
export interface Kept {
  readonly id: string;
  readonly bytes: number;
}

/** Keeps the newest entries, up to a number and a size in bytes. The newest one stays whatever its size. */
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

  /** Adds an entry, and returns the oldest ones that were dropped for it. */
  add(entry: T): readonly T[] {
    const all = [entry, ...this.#entries];
    let bytes = 0;
    const fits = all.findIndex((each, i) => {
      bytes += each.bytes;
      return i > 0 && (i >= this.limit || bytes > this.byteLimit);
    });
    this.#entries = fits < 0 ? all : all.slice(0, fits);
    return fits < 0 ? [] : all.slice(fits);
  }

  remove(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }
}
