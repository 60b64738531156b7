import type { BatchWork, Outcome } from './batch.js';
import { endedBy, timeoutOf } from './call/ended.js';
import type { CallOptions, Transport } from './call/transport.js';
import { LensError } from './errors.js';
import { LensService, type AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';
import { LensStream } from './stream.js';

/** A batch where there is no exchange: a few calls at a time, one for each request. */
export class FewCalls implements BatchWork {
  /** Browsers open six connections to a host. */
  readonly inFlight = 6;
  readonly outcomes: Outcome[] = [];
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  readonly #news: () => void;
  readonly #running = new Map<number, LensStream>();
  /** A signal and a deadline end the batch, and not one request of it. */
  readonly #abort = () => this.#fail(endedBy(this.#signal));
  #isAllSent = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param news is called when an outcome comes, or the work ends */
  constructor(transport: Transport, options: CallOptions, news: () => void) {
    this.#transport = transport;
    this.#news = news;
    const timeoutMs = timeoutOf(options);
    this.#signal = AbortSignal.any([
      ...(options.signal === undefined ? [] : [options.signal]),
      ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)]),
    ]);
    this.#signal.addEventListener('abort', this.#abort);
    if (this.#signal.aborted) this.#abort();
  }

  get ended(): boolean {
    return this.#failure !== undefined || (this.#isAllSent && this.#running.size === 0);
  }

  send(index: number, request: AnalyzeRequest): void {
    const call = (signal: AbortSignal) => this.#transport.call(LensService.method.analyze, request, { signal });
    const stream = new LensStream(request, call, { signal: this.#signal });
    this.#running.set(index, stream);
    void this.#await(index, request, stream);
  }

  end(): void {
    this.#isAllSent = true;
  }

  requireComplete(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  unanswered(): readonly number[] {
    return [...this.#running.keys()];
  }

  cancel(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    for (const stream of this.#running.values()) stream.cancel();
  }

  async #await(index: number, request: AnalyzeRequest, stream: LensStream): Promise<void> {
    try {
      this.#answer({ index, request, result: await stream.result(), error: undefined });
    } catch (error) {
      if (this.#failure !== undefined) return;
      if (error instanceof LensError) this.#answer({ index, request, result: undefined, error });
      else this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#news();
  }

  #answer(outcome: Outcome): void {
    this.#running.delete(outcome.index);
    this.outcomes.push(outcome);
    this.#news();
  }
}
