import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { LensError } from '../errors.js';
import { endedBy, timeoutOf } from './ended.js';
import { RunningCalls } from './running-calls.js';
import type { AskedOnce, CallOptions, Transport } from './transport.js';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * Makes a call again that the server refused before it began, up to three times, after the pause that the server asks for, as long
 * as the deadline allows. gRPC does so by itself; this is for gRPC-Web.
 */
export class RetryingTransport implements Transport {
  readonly exchange = undefined;
  readonly #under: Transport;
  readonly #repeatable: (path: string) => boolean;
  readonly #calls = new RunningCalls();

  /** @param repeatable whether a method of this name may be called twice */
  constructor(under: Transport, repeatable: (method: string) => boolean) {
    this.#under = under;
    this.#repeatable = repeatable;
  }

  async *call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, options: CallOptions): AsyncIterable<MessageShape<O>> {
    const deadline = Date.now() + (timeoutOf(options) ?? Infinity);
    const { ended, done } = this.#calls.begin(options.signal);
    try {
      for (let attempt = 1; ; attempt++) {
        let begun = false;
        const left = Math.max(0, deadline - Date.now());
        try {
          for await (const response of this.#under.call(method, request, { ...options, signal: ended, ...(left === Infinity ? {} : { timeoutMs: left }) })) {
            begun = true;
            yield response;
          }
          return;
        } catch (error) {
          const again = error instanceof LensError && error.isRetryable && !begun && attempt < ATTEMPTS && this.#repeatable(method.name);
          if (!again) throw error;
          const pauseMs = error.retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * Math.random();
          if (Date.now() + pauseMs >= deadline) throw error;
          await pause(pauseMs, ended);
        }
      }
    } finally {
      done();
    }
  }

  close(): void {
    this.#calls.close();
    this.#under.close();
  }
}

/** Waits; fails once the signal ends the call. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const wake = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) wake();
    signal.addEventListener('abort', wake, { once: true });
  });
  if (signal.aborted) throw endedBy(signal);
}
