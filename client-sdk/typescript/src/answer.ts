import { LensError } from './errors.js';

/** What puts the responses of a call together. */
export interface Assembly<Response, Result> {
  take(response: Response): void;
  /** The result, at the stream's end; fails if it is not complete. */
  finish(): Result;
}

/** The responses of one call, read as they are wanted. The call begins when it is read. */
export class Answer<Response, Result> {
  readonly #assembly: Assembly<Response, Result>;
  readonly #canceling = new AbortController();
  readonly #responses: AsyncIterator<Response>;
  #failure: unknown;
  #result: { readonly value: Result } | undefined;

  constructor(assembly: Assembly<Response, Result>, call: (signal: AbortSignal) => AsyncIterable<Response>, signal: AbortSignal | undefined) {
    this.#assembly = assembly;
    this.#responses = call(AbortSignal.any([this.#canceling.signal, ...(signal === undefined ? [] : [signal])]))[Symbol.asyncIterator]();
  }

  /** The complete result; reads what is left. */
  async result(): Promise<Result> {
    while (this.#result === undefined) await this.read();
    return this.#result.value;
  }

  /** What `next` has, each as soon as it is there, until the answer is complete. Leaving the loop early cancels the call. */
  async *items<Item>(next: () => Item | undefined): AsyncGenerator<Item> {
    try {
      for (;;) {
        const item = next();
        if (item !== undefined) yield item;
        else if (this.#result !== undefined) return;
        else await this.read();
      }
    } finally {
      this.cancel();
    }
  }

  /** Cancels the call if it has not ended. Safe to call again. */
  cancel(): void {
    if (this.#result !== undefined || this.#failure !== undefined) return;
    this.#failure = new LensError('CANCELLED', 'The stream was canceled before its end.');
    this.#canceling.abort();
  }

  /** Takes a response, or the end of a complete answer. */
  async read(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const next = await this.#responses.next();
      if (next.done) this.#result = { value: this.#assembly.finish() };
      else this.#assembly.take(next.value);
    } catch (error) {
      this.#failure ??= error;
      this.#canceling.abort();
      throw this.#failure;
    }
  }
}
