import { Assembler } from './assembly/assembler.js';
import { LensError } from './errors.js';
import type { Progress } from './generated/stratalens/v1/lens_pb.js';
import type { AnalyzeRequest, AnalyzeResponse } from './generated/stratalens/v1/lens_service_pb.js';
import type { Info } from './result/info.js';
import type { Layer } from './result/layer.js';
import type { LensResult } from './result/result.js';

/** How a stream is read. */
export interface StreamOptions {
  /** Cancels the call, on the server too. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the state of the work while the answer is read. */
  readonly onProgress?: ((state: Progress) => void) | undefined;
}

/**
 * The layers of one result as they come, for one loop: those of each lens ascending, those of several lenses in any order. The
 * call begins when the stream is read. The loop ends without an error only after a complete answer. Leaving it early cancels the
 * call, on the server too. A reader that stops reading stops the server; one that stops for too long gets READER_TOO_SLOW.
 */
export class LensStream implements AsyncIterable<Layer> {
  readonly #assembler: Assembler;
  readonly #canceling = new AbortController();
  readonly #responses: AsyncIterator<AnalyzeResponse>;
  #failure: unknown;
  #done = false;

  constructor(request: AnalyzeRequest, call: (signal: AbortSignal) => AsyncIterable<AnalyzeResponse>, options: StreamOptions) {
    this.#assembler = new Assembler(request, options.onProgress);
    const signals = options.signal === undefined ? [] : [options.signal];
    this.#responses = call(AbortSignal.any([this.#canceling.signal, ...signals]))[Symbol.asyncIterator]();
  }

  /** What is known before the first layer; waits for it. */
  async info(): Promise<Info> {
    while (this.#assembler.info === undefined) await this.#read();
    return this.#assembler.info;
  }

  /** The complete result; reads what is left of the stream. */
  async result(): Promise<LensResult> {
    while (!this.#done) await this.#read();
    return this.#assembler.finish();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Layer> {
    try {
      for (;;) {
        const layer = this.#assembler.nextLayer();
        if (layer !== undefined) yield layer;
        else if (this.#done) return;
        else await this.#read();
      }
    } finally {
      this.cancel();
    }
  }

  /** Cancels the call if it has not ended. Safe to call again. */
  cancel(): void {
    if (this.#done || this.#failure !== undefined) return;
    this.#failure = new LensError('CANCELLED', 'The stream was canceled before its end.');
    this.#canceling.abort();
  }

  /** Takes a response, or the end of a complete answer. */
  async #read(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const next = await this.#responses.next();
      if (next.done) {
        this.#assembler.finish();
        this.#done = true;
      } else {
        for (const event of next.value.events) this.#assembler.add(event);
      }
    } catch (error) {
      this.#failure ??= error;
      this.#canceling.abort();
      throw this.#failure;
    }
  }
}
