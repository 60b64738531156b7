import { Answer } from './answer.js';
import { GenerationAssembler } from './assembly/generation-assembler.js';
import type { GenerateRequest, GenerateResponse } from './generated/stratalens/v1/lens_service_pb.js';
import type { GeneratedToken, GenerationResult } from './result/generation.js';
import type { StreamOptions } from './stream.js';

/**
 * The tokens of one generation, each as soon as it is chosen, for one loop. The call begins when the stream is read. The loop ends
 * without an error only after a complete answer. Leaving it early cancels the call, and the server frees what it keeps of the text.
 */
export class GenerationStream implements AsyncIterable<GeneratedToken> {
  readonly #assembler: GenerationAssembler;
  readonly #answer: Answer<GenerateResponse, GenerationResult>;

  constructor(request: GenerateRequest, call: (signal: AbortSignal) => AsyncIterable<GenerateResponse>, options: StreamOptions) {
    const assembler = (this.#assembler = new GenerationAssembler(request, options.onProgress));
    const take = ({ events }: GenerateResponse) => events.forEach((event) => assembler.add(event));
    this.#answer = new Answer({ take, finish: () => assembler.finish() }, call, options.signal);
  }

  /** The complete result; reads what is left of the stream. */
  async result(): Promise<GenerationResult> {
    return this.#answer.result();
  }

  [Symbol.asyncIterator](): AsyncGenerator<GeneratedToken> {
    return this.#answer.items(() => this.#assembler.nextToken());
  }

  /** Cancels the call if it has not ended. Safe to call again. */
  cancel(): void {
    this.#answer.cancel();
  }
}
