/** A value that parts share and that is not part of a saved view: the hovered cell, the matches of a search. */
export class Signal<T> {
  #value: T;
  readonly #listeners = new Set<(value: T, before: T) => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  /** Replaces the value and tells every listener, unless it is the same. */
  set(value: T): void {
    const before = this.#value;
    if (Object.is(before, value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value, before);
  }

  /** Calls a listener after each change. Returns a function that ends the subscription. */
  subscribe(listener: (value: T, before: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Cells that a search found: token position to layer numbers. */
export type Marks = ReadonlyMap<number, ReadonlySet<number>>;
