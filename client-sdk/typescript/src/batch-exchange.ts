import { create } from '@bufbuild/protobuf';
import { Assembler } from './assembly/assembler.js';
import { brokenStream, require } from './assembly/broken-stream.js';
import { iteratorOf, type Outcome, type Requests } from './batch.js';
import { promptFailureOf } from './call/status-reader.js';
import type { Exchange } from './call/transport.js';
import { LensError } from './errors.js';
import { AnalyzeBatchRequestSchema, type AnalyzeBatchRequest, type AnalyzeBatchResponse, type AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';

/** Requests that may be in flight, unless the server works on more at a time. */
const LEAST_IN_FLIGHT = 16;

type BatchCall = Exchange<AnalyzeBatchRequest, AnalyzeBatchResponse>;

/**
 * The outcomes of a batch over one call. Requests are pulled from their source as outcomes are taken, so a corpus of any size
 * needs little memory. Results are put together as they come, so that a slow user is no slow reader of the server's.
 */
export async function* exchangeOutcomes(call: BatchCall, requests: Requests): AsyncGenerator<Outcome> {
  const source = iteratorOf(requests);
  const batch = new BatchReader(call);
  const reading = batch.read();
  reading.catch(() => {}); // told below
  let [sent, taken, exhausted] = [0, 0, false];
  try {
    await batch.change(() => batch.inFlight > 0);
    for (;;) {
      while (!exhausted && !batch.ended && sent - taken < batch.inFlight) {
        const next = await source.next();
        if (next.done) {
          exhausted = true;
          call.end();
        } else {
          batch.send(sent++, next.value);
        }
      }
      await batch.change(() => batch.outcomes.length > 0);
      const outcome = batch.outcomes.shift();
      if (outcome !== undefined) {
        taken++;
        yield outcome;
      } else if (batch.ended) {
        await reading;
        require(exhausted && taken === sent, () => 'the server ended the batch early');
        return;
      }
    }
  } catch (error) {
    throw batch.named(error, exhausted ? undefined : sent);
  } finally {
    call.cancel();
    await source.return?.();
  }
}

/** What comes over one call of AnalyzeBatch. */
class BatchReader {
  readonly outcomes: Outcome[] = [];
  readonly #call: BatchCall;
  readonly #pending = new Map<bigint, Assembler>();
  /** Requests that may be sent and not taken; 0 until the server said how many it works on. */
  inFlight = 0;
  ended = false;
  #wake: () => void = () => {};

  constructor(call: BatchCall) {
    this.#call = call;
  }

  send(index: number, request: AnalyzeRequest): void {
    const tag = BigInt(index);
    this.#pending.set(tag, new Assembler(request));
    this.#call.send(create(AnalyzeBatchRequestSchema, { kind: { case: 'prompt', value: { tag, request } } }));
  }

  /** Takes all responses; fails as the call does. */
  async read(): Promise<void> {
    try {
      for await (const response of this.#call.responses) {
        this.#take(response);
        this.#wake();
      }
    } finally {
      this.ended = true;
      this.#wake();
    }
  }

  /** Waits until something is so, or the call has ended. */
  async change(holds: () => boolean): Promise<void> {
    while (!holds() && !this.ended) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** The failure of the batch, with the requests that have no outcome. */
  named(error: unknown, firstUnsent: number | undefined): unknown {
    if (!(error instanceof LensError)) return error;
    const unsent = firstUnsent === undefined ? '' : `; those from index ${firstUnsent} on were not sent`;
    const message = `${error.message} No result for the requests with index ${[...this.#pending.keys()].join(', ') || 'none'}${unsent}.`;
    return new LensError(error.code, message, { detail: error.detail, retryAfterMs: error.retryAfterMs, cause: error });
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
