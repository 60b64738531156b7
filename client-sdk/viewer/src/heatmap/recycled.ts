/**
 * Elements for a stretch of a long line. An element that leaves the stretch is reused for one that enters; the order
 * stays that of the line.
 */
export class Recycled<T> {
  readonly #container: Element;
  readonly #make: () => T;
  readonly #element: (item: T) => Element;
  #from = 0;
  #items: T[] = [];

  constructor(container: Element, make: () => T, element: (item: T) => Element) {
    this.#container = container;
    this.#make = make;
    this.#element = element;
  }

  /** Shows `from .. to - 1`, and calls back for every index whose element showed another index, or for all. */
  show(from: number, to: number, all: boolean, fill: (item: T, index: number) => void): void {
    if (!all && from === this.#from && to === from + this.#items.length) return;
    const kept = new Map<number, T>();
    const spare: T[] = [];
    this.#items.forEach((item, i) => {
      const index = this.#from + i;
      if (index >= from && index < to) {
        kept.set(index, item);
      } else {
        // Removed before its reuse, so that the other elements need not move around it.
        this.#element(item).remove();
        spare.push(item);
      }
    });
    this.#items = Array.from({ length: to - from }, (_, i) => kept.get(from + i) ?? spare.pop() ?? this.#make());
    this.#from = from;
    this.#order();
    this.#items.forEach((item, i) => {
      if (all || !kept.has(from + i)) fill(item, from + i);
    });
  }

  /** The element of an index; undefined outside the stretch. */
  at(index: number): T | undefined {
    return this.#items[index - this.#from];
  }

  forEach(action: (item: T, index: number) => void): void {
    this.#items.forEach((item, i) => action(item, this.#from + i));
  }

  #order(): void {
    let next: Element | null = null;
    for (let i = this.#items.length - 1; i >= 0; i--) {
      const element = this.#element(this.#items[i]!);
      if (element.parentNode !== this.#container || element.nextSibling !== next) this.#container.insertBefore(element, next);
      next = element;
    }
  }
}
