import type { Lens } from '../lens/lens.js';
import { provenance } from '../lens/provenance.js';
import type { ViewState } from '../state/view-state.js';

/** What pictures and tables say of their source; nothing if the reader has switched it off. */
export function sourceOf(lens: Lens, { source }: Pick<ViewState, 'source'>): string[] {
  return source === 'named' ? provenance(lens) : [];
}
