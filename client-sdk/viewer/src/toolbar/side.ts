import { choice } from '../controls.js';
import { coloring, type Coloring } from '../color/coloring.js';
import type { Lens } from '../lens/lens.js';
import type { Store } from '../state/store.js';

/** A map that controls act on; a page may have several under one toolbar. */
export interface Side {
  /** Distinguishes it from the others. */
  readonly name: string;
  readonly lens: Lens;
  readonly store: Store;
  /** In place of the view's own. */
  readonly coloring?: () => Coloring;
}

export function coloringOf({ lens, store, coloring: own }: Side): Coloring {
  return own ? own() : coloring(lens, store.state);
}

/** Chooses one of several sides; for one alone there is nothing to show. */
export class SideChoice {
  readonly elements: readonly HTMLElement[];
  #chosen: Side;

  constructor(sides: readonly [Side, ...Side[]]) {
    this.#chosen = sides[0];
    const list = choice('Of', (name) => (this.#chosen = sides.find((side) => side.name === name)!));
    list.show(sides.map(({ name }) => [name, name] as const), sides[0].name);
    this.elements = sides.length > 1 ? [list.element] : [];
  }

  get chosen(): Side {
    return this.#chosen;
  }
}
