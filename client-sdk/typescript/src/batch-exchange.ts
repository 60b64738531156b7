import { create } from '@bufbuild/protobuf';
import { Assembler } from './assembly/assembler.js';
import { brokenStream, require } from './assembly/broken-stream.js';
import type { BatchWork, Outcome } from './batch.js';
import { promptFailureOf } from './call/status-reader.js';
import type { Exchange } from './call/transport.js';
import { LensError } from './errors.js';
import { AnalyzeBatchRequestSchema, type AnalyzeBatchRequest, type AnalyzeBatchResponse, type AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';

/** Requests that may be in flight, unless the server works on more at a time. */
const LEAST_IN_FLIGHT = 16;

/** A batch over one call. Results are put together as they come, so that a slow user is no slow reader of the server's. */
export class BatchExchange implements BatchWork {
  readonly outcomes: Outcome[] = [];
  readonly #call: Exchange<AnalyzeBatchRequest, AnalyzeBatchResponse>;
  readonly #pending = new Map<bigint, Assembler>();
  #failure: { readonly error: unknown } | undefined;
  inFlight = 0;
  ended = false;

  /** @param news is called when something has come, or the call has ended */
  constructor(call: Exchange<AnalyzeBatchRequest, AnalyzeBatchResponse>, news: () => void) {
    this.#call = call;
    void this.#read(news);
  }

  send(index: number, request: AnalyzeRequest): void {
    const tag = BigInt(index);
    try {
      this.#call.send(create(AnalyzeBatchRequestSchema, { kind: { case: 'prompt', value: { tag, request } } }));
      this.#pending.set(tag, new Assembler(request));
    } catch (error) {
      if (!(error instanceof LensError)) throw error;
      this.outcomes.push({ index, request, result: undefined, error });
    }
  }

  end(): void {
    this.#call.end();
  }

  requireComplete(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  unanswered(): readonly number[] {
    return [...this.#pending.keys()].map(Number);
  }

  cancel(): void {
    this.#call.cancel();
  }

  async #read(news: () => void): Promise<void> {
    try {
      for await (const response of this.#call.responses) {
        this.#take(response);
        news();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.ended = true;
    news();
  }

  #take({ kind }: AnalyzeBatchResponse): void {
    switch (kind.case) {
      case 'started':
        require(this.inFlight === 0 && kind.value.window >= 1, () => `the batch started with a window of ${kind.value.window}, and of ${this.inFlight} before`);
        this.inFlight = Math.max(LEAST_IN_FLIGHT, kind.value.window);
        return;
      case 'events': {
        const assembler = this.#assembler(kind.value.tag);
        for (const event of kind.value.events) assembler.add(event);
        if (assembler.result !== undefined) this.#answer(kind.value.tag, assembler, { result: assembler.result, error: undefined });
        return;
      }
      case 'error': {
        const { tag, status } = kind.value;
        const assembler = this.#assembler(tag);
        require(status !== undefined && status.code !== 0, () => `an error of tag ${tag} has the code OK`);
        this.#answer(tag, assembler, { result: undefined, error: promptFailureOf(status) });
      }
    }
  }

  #assembler(tag: bigint): Assembler {
    const assembler = this.#pending.get(tag);
    if (assembler === undefined) throw brokenStream(`an event came for tag ${tag}, which is not of this batch or was answered before`);
    return assembler;
  }

  #answer(tag: bigint, { request }: Assembler, answer: Pick<Outcome, 'result' | 'error'>): void {
    this.#pending.delete(tag);
    this.outcomes.push({ index: Number(tag), request, ...answer });
  }
}
