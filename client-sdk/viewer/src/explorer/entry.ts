import type { GrowingLens } from '../lens/growing-lens.js';
import type { ViewState } from '../state/view-state.js';
import type { RunForm } from './bridge.js';
import type { Kept } from './history.js';

/** An entry of the history: the request, its result, and its last view. */
export class Entry implements Kept {
  constructor(
    readonly id: string,
    readonly form: RunForm,
    readonly lens: GrowingLens,
    readonly at: Date,
    public view: Partial<ViewState>,
  ) {}

  /** Whether the result is complete. */
  get finished(): boolean {
    return this.lens.outcome !== undefined;
  }

  get bytes(): number {
    return this.lens.bytes;
  }
}
