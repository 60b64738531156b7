import type { CallOptions, Transport } from './call/transport.js';
import { BatchExchange } from './batch-exchange.js';
import { FewCalls } from './few-calls.js';
import { LensError } from './errors.js';
import { LensService, type AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';
import { requireRequest } from './request/request.js';
import { RequestSource, type Requests } from './request-source.js';
import type { LensResult } from './result/result.js';

/** The answer to one request of a batch: a result, or an error. */
export interface Outcome {
  /** The place of the request in its source. */
  readonly index: number;
  readonly request: AnalyzeRequest;
  readonly result: LensResult | undefined;
  readonly error: LensError | undefined;
}

/** The work on requests that were sent: over one call, or where there is no exchange, over a few calls. */
export interface BatchWork {
  /** Requests that may be sent and not taken; 0 until it is known. */
  readonly inFlight: number;
  /** Outcomes that were not taken. */
  readonly outcomes: Outcome[];
  /** Whether no further outcome comes. */
  readonly ended: boolean;
  send(index: number, request: AnalyzeRequest): void;
  /** Nothing more will be sent. */
  end(): void;
  /** Fails as the work did. */
  requireComplete(): void;
  /** Requests that were sent and have no outcome, by index. */
  unanswered(): readonly number[];
  cancel(): void;
}

/**
 * The outcomes of many requests, as they complete. Requests are pulled from their source as outcomes are taken, so a corpus of any size
 * needs little memory. A source that waits, for an outcome even, holds up nothing.
 */
export async function* outcomesOf(transport: Transport, requests: Requests, options: CallOptions): AsyncGenerator<Outcome> {
  let wake = () => {};
  const news = () => wake();
  const source = new RequestSource(requests, news);
  const work: BatchWork = transport.exchange === undefined
    ? new FewCalls(transport, options, news)
    : new BatchExchange(transport.exchange(LensService.method.analyzeBatch, options), news);
  let [sent, taken] = [0, 0];
  try {
    for (;;) {
      if (!work.ended && sent - taken < work.inFlight) source.pull();
      const next = source.take();
      const outcome = next === undefined ? work.outcomes.shift() : undefined;
      if (next?.done) {
        work.end();
      } else if (next !== undefined) {
        work.send(sent, requireRequest(next.value));
        sent++;
      } else if (outcome !== undefined) {
        taken++;
        yield outcome;
      } else if (work.ended) {
        work.requireComplete();
        if (!source.exhausted || taken < sent) throw new LensError('BROKEN_STREAM', 'The server ended the batch early.');
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } catch (error) {
    throw error instanceof LensError ? named(error, work.unanswered(), source.exhausted ? undefined : sent) : error;
  } finally {
    work.cancel();
    await source.close();
  }
}

/** The failure of a batch, with the requests that have no outcome. */
function named(error: LensError, unanswered: readonly number[], firstUnsent: number | undefined): LensError {
  const words = [
    ...(unanswered.length === 0 ? [] : [`No result for the requests with index ${unanswered.join(', ')}`]),
    ...(firstUnsent === undefined ? [] : [`those from index ${firstUnsent} on were not sent`]),
  ].join('; ');
  const message = words === '' ? error.message : `${error.message} ${words[0]!.toUpperCase()}${words.slice(1)}.`;
  return new LensError(error.code, message, { detail: error.detail, retryAfterMs: error.retryAfterMs, cause: error });
}
