import { LensError } from '../errors.js';

/** What a call says that got no answer in time. */
export const TOO_LATE = 'The deadline passed. Give the call more time, or ask for less.';

/** The failure of a call that the caller ended: by a signal, a deadline, or by closing the client. */
export function endedBy({ reason }: AbortSignal): LensError {
  if (reason instanceof LensError) return reason;
  return (reason as { name?: string } | undefined)?.name === 'TimeoutError'
    ? new LensError('DEADLINE_EXCEEDED', TOO_LATE, { cause: reason })
    : new LensError('CANCELLED', 'The call was canceled.', { cause: reason });
}

// Timers count no further, in browsers and in Node.js.
const LONGEST_MS = 2 ** 31 - 1;

/** A deadline in milliseconds from now; undefined if there is none. @throws RangeError if it is no such number */
export function timeoutOf({ timeoutMs }: { readonly timeoutMs?: number | undefined }): number | undefined {
  if (timeoutMs !== undefined && !(timeoutMs >= 0 && timeoutMs <= LONGEST_MS)) {
    throw new RangeError(`timeoutMs is ${timeoutMs}; give a number of milliseconds from 0 to ${LONGEST_MS}, or leave it out for no deadline`);
  }
  return timeoutMs;
}
