import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { LensError } from '../errors.js';
import type { AskedOnce, CallOptions, Transport } from './transport.js';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * Makes a call again that the server refused before it began, up to three times, after the pause that the server asks for. gRPC
 * does so by itself; this is for gRPC-Web.
 */
export class RetryingTransport implements Transport {
  readonly exchange = undefined;
  readonly #under: Transport;
  readonly #repeatable: (path: string) => boolean;

  /** @param repeatable whether a method of this name may be called twice */
  constructor(under: Transport, repeatable: (method: string) => boolean) {
    this.#under = under;
    this.#repeatable = repeatable;
  }

  async *call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, options: CallOptions): AsyncIterable<MessageShape<O>> {
    for (let attempt = 1; ; attempt++) {
      let begun = false;
      try {
        for await (const response of this.#under.call(method, request, options)) {
          begun = true;
          yield response;
        }
        return;
      } catch (error) {
        const again = error instanceof LensError && error.isRetryable && !begun && attempt < ATTEMPTS && this.#repeatable(method.name);
        if (!again || options.signal?.aborted) throw error;
        await pause(error.retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * Math.random());
      }
    }
  }

  close(): void {
    this.#under.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
