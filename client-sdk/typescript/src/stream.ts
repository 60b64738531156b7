import { Answer } from './answer.js';
import { Assembler } from './assembly/assembler.js';
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
  readonly #answer: Answer<AnalyzeResponse, LensResult>;

  constructor(request: AnalyzeRequest, call: (signal: AbortSignal) => AsyncIterable<AnalyzeResponse>, options: StreamOptions) {
    const assembler = (this.#assembler = new Assembler(request, options.onProgress));
    const take = ({ events }: AnalyzeResponse) => events.forEach((event) => assembler.add(event));
    this.#answer = new Answer({ take, finish: () => assembler.finish() }, call, options.signal);
  }

  /** What is known before the first layer; waits for it. */
  async info(): Promise<Info> {
    while (this.#assembler.info === undefined) await this.#answer.read();
    return this.#assembler.info;
  }

  /** The complete result; reads what is left of the stream. */
  async result(): Promise<LensResult> {
    return this.#answer.result();
  }

  [Symbol.asyncIterator](): AsyncGenerator<Layer> {
    return this.#answer.items(() => this.#assembler.nextLayer());
  }

  /** Cancels the call if it has not ended. Safe to call again. */
  cancel(): void {
    this.#answer.cancel();
  }
}
