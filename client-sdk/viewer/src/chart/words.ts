import { targetName } from '../color/modes.js';
import type { Lens } from '../lens/lens.js';
import { tokensName } from '../lens/names.js';
import type { ChartQuantity } from '../state/view-state.js';
import type { Subject } from './curve.js';
import { describedIn } from './quantity.js';

/** Name of the subject of a row of curves. */
export function subjectName(lens: Lens, subject: Subject, quantity: ChartQuantity): string {
  switch (subject.kind) {
    case 'pin':
      return tokensName(lens, subject.ids);
    case 'target':
      return targetName(lens.run.targets[subject.place]!);
    case 'cell':
      return describedIn(lens.run, quantity).name;
  }
}
