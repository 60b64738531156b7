import { LensError } from '../errors.js';

/** A call that has begun. */
export interface RunningCall {
  /** Ends the call: by the caller, or by closing the client. */
  readonly ended: AbortSignal;
  /** The call is over. */
  done(): void;
}

/** The calls of a client that are not over, which end when it is closed. */
export class RunningCalls {
  readonly #running = new Set<AbortController>();
  #isClosed = false;

  /** @param signals of the caller @throws LensError if the client is closed */
  begin(...signals: readonly (AbortSignal | undefined)[]): RunningCall {
    if (this.#isClosed) throw closedClient();
    const closing = new AbortController();
    this.#running.add(closing);
    // A signal of the client itself would keep a trace of each call, as long as the client lives.
    const ended = AbortSignal.any([closing.signal, ...signals.filter((signal) => signal !== undefined)]);
    return { ended, done: () => void this.#running.delete(closing) };
  }

  close(): void {
    this.#isClosed = true;
    for (const closing of this.#running) closing.abort(closedClient());
  }
}

function closedClient(): LensError {
  return new LensError('CANCELLED', 'The client was closed, so the call ended. Close it after its last call.');
}
