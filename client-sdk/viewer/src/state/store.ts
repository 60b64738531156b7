import { Signal, type Marks } from './signal.js';
import type { CellAddress, ChartQuantity, ViewState } from './view-state.js';

export interface Reach {
  readonly quantity: ChartQuantity;
  readonly least: number;
  readonly greatest: number;
}

export interface CellSize {
  readonly columnWidth: number;
  readonly rowHeight: number;
}

/** Holds the state of a view. Every part of the page reads and changes it here. */
export class Store {
  #state: ViewState;
  readonly #listeners = new Set<(state: ViewState, before: ViewState) => void>();

  /** The cell that the pointer or the keyboard is on in any part; parts draw its trajectory faintly. */
  readonly hover = new Signal<CellAddress | undefined>(undefined);

  /** Matches of a search; the heat map marks them. */
  readonly marks = new Signal<Marks>(new Map());

  /** Size of the cells of the heat map, in CSS pixels. */
  readonly cellSize = new Signal<CellSize>({ columnWidth: 76, rowHeight: 26 });

  /** Least and greatest value of the chart's curves. */
  readonly reach = new Signal<Reach | undefined>(undefined);

  /** The same of a linked view: charts side by side have equal scales. */
  readonly otherReach = new Signal<Reach | undefined>(undefined);

  /** Tokens that the heat map shows now: indexes into `run.positions`, the second excluded. */
  readonly visibleColumns = new Signal<readonly [number, number]>([0, 0]);

  constructor(initial: ViewState) {
    this.#state = initial;
  }

  get state(): ViewState {
    return this.#state;
  }

  /** Replaces some fields and tells every listener, unless nothing changed. */
  update(change: Partial<ViewState>): void {
    const before = this.#state;
    const after = { ...before, ...change };
    if ((Object.keys(change) as (keyof ViewState)[]).every((key) => Object.is(before[key], after[key]))) return;
    this.#state = after;
    for (const listener of [...this.#listeners]) listener(after, before);
  }

  /** Calls a listener after each change. Returns a function that ends the subscription. */
  subscribe(listener: (state: ViewState, before: ViewState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Whether one of these fields differs. */
export function differs(state: ViewState, before: ViewState, ...keys: (keyof ViewState)[]): boolean {
  return keys.some((key) => !Object.is(state[key], before[key]));
}
