import { require } from './broken-stream.js';

/** The new ids of one chunk, in order. */
export class NewIds {
  #taken = 0;

  constructor(readonly chunk: string, readonly ids: readonly number[]) {}

  next(): number {
    require(this.#taken < this.ids.length, () => `${this.chunk}: token_ids has ${this.ids.length} values and a reference to one more`);
    return this.ids[this.#taken++]!;
  }

  /** Refuses ids to which no reference came. */
  requireAllTaken(): void {
    require(this.#taken === this.ids.length, () => `${this.chunk}: token_ids has ${this.ids.length} values where ${this.#taken} are new`);
  }
}

/** The ids that were named at each position of a stream, in order of first use, whatever the lens. */
export class KnownIds {
  readonly #seen: number[][];

  constructor(positions: number) {
    this.#seen = Array.from({ length: positions }, () => []);
  }

  all(position: number): readonly number[] {
    return [...this.#seen[position]!];
  }

  /** The id that a reference means: n > 0 is the n-th of the position, and 0 the next new one. */
  resolve(position: number, reference: number, ids: NewIds): number {
    const seen = this.#seen[position]!;
    if (reference !== 0) {
      require(reference > 0 && reference <= seen.length, () => `${ids.chunk}: reference ${reference} to one of ${seen.length} ids`);
      return seen[reference - 1]!;
    }
    const id = ids.next();
    require(!seen.includes(id), () => `${ids.chunk}: token id ${id} came as new, but is known at its position`);
    seen.push(id);
    return id;
  }
}
