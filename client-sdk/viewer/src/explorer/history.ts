/** Something with an id that takes memory. */
export interface Kept {
  readonly id: string;
  readonly bytes: number;
}

/** The newest of something: so many, and so many bytes. The newest one stays whatever its size. */
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

  /** Keeps one more, and gives what had to be dropped for it: the oldest. */
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
