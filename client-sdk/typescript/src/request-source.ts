import type { AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';

/** Requests, from an array or as they come. */
export type Requests = Iterable<AnalyzeRequest> | AsyncIterable<AnalyzeRequest>;

type Pulled = IteratorResult<AnalyzeRequest>;

/** Requests that are pulled one by one, while other things go on. */
export class RequestSource {
  readonly #requests: AsyncIterator<AnalyzeRequest> | Iterator<AnalyzeRequest>;
  readonly #isAsync: boolean;
  readonly #news: () => void;
  #arrived: Pulled | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isPulling = false;
  /** Whether there are no more. */
  exhausted = false;

  /** @param news is called when a request that was waited for has come, or there are no more */
  constructor(requests: Requests, news: () => void) {
    this.#isAsync = Symbol.asyncIterator in requests;
    this.#requests = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
    this.#news = news;
  }

  /** Asks for the next request, unless it is asked for. */
  pull(): void {
    if (this.exhausted || this.#isPulling || this.#arrived !== undefined) return;
    const next = this.#requests.next();
    if (this.#isAsync) void this.#await(next);
    else this.#arrived = next as Pulled;
  }

  /** What has come; undefined if nothing has. @throws what the source throws */
  take(): Pulled | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    const next = this.#arrived;
    this.#arrived = undefined;
    this.exhausted ||= next?.done === true;
    return next;
  }

  /** Tells the source that no more is wanted. One that is waiting is not waited for. */
  async close(): Promise<void> {
    const returned = this.#requests.return?.();
    if (this.#isPulling) Promise.resolve(returned).catch(() => {}); // nobody is left to tell
    else await returned;
  }

  async #await(next: Pulled | Promise<Pulled>): Promise<void> {
    this.#isPulling = true;
    try {
      this.#arrived = await next;
    } catch (error) {
      this.#failure = { error };
    }
    this.#isPulling = false;
    this.#news();
  }
}
