import type { CallOptions, Transport } from './call/transport.js';
import { exchangeOutcomes } from './batch-exchange.js';
import { LensError } from './errors.js';
import { LensService, type AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';
import type { LensResult } from './result/result.js';
import { LensStream } from './stream.js';

/** The answer to one request of a batch: a result, or an error. */
export interface Outcome {
  /** The place of the request in its source. */
  readonly index: number;
  readonly request: AnalyzeRequest;
  readonly result: LensResult | undefined;
  readonly error: LensError | undefined;
}

/** Requests, from an array or as they come. */
export type Requests = Iterable<AnalyzeRequest> | AsyncIterable<AnalyzeRequest>;

/** Calls at a time where there is no exchange: browsers open six connections to a host. */
const CALLS_AT_A_TIME = 6;

/** The outcomes of many requests: over one call, or where there is no exchange, over a few calls at a time. */
export function outcomesOf(transport: Transport, requests: Requests, options: CallOptions): AsyncGenerator<Outcome> {
  return transport.exchange === undefined
    ? calledOutcomes(transport, requests, options)
    : exchangeOutcomes(transport.exchange(LensService.method.analyzeBatch, options), requests);
}

async function* calledOutcomes(transport: Transport, requests: Requests, options: CallOptions): AsyncGenerator<Outcome> {
  const running = new Map<number, { readonly stream: LensStream; readonly outcome: Promise<Outcome> }>();
  const source = iteratorOf(requests);
  let [index, exhausted] = [0, false];
  try {
    for (;;) {
      while (!exhausted && running.size < CALLS_AT_A_TIME) {
        const next = await source.next();
        if (next.done) {
          exhausted = true;
        } else {
          const call = (signal: AbortSignal) => transport.call(LensService.method.analyze, next.value, { ...options, signal });
          const stream = new LensStream(next.value, call, options);
          running.set(index, { stream, outcome: outcomeOf(index, next.value, stream) });
          index++;
        }
      }
      if (running.size === 0) return;
      const outcome = await Promise.race([...running.values()].map((each) => each.outcome));
      running.delete(outcome.index);
      yield outcome;
    }
  } finally {
    for (const { stream } of running.values()) stream.cancel();
    await source.return?.();
  }
}

async function outcomeOf(index: number, request: AnalyzeRequest, stream: LensStream): Promise<Outcome> {
  try {
    return { index, request, result: await stream.result(), error: undefined };
  } catch (error) {
    if (error instanceof LensError) return { index, request, result: undefined, error };
    throw error;
  }
}

/** One way to read arrays and streams. */
export function iteratorOf(requests: Requests): AsyncIterator<AnalyzeRequest> | Iterator<AnalyzeRequest> {
  return Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
}
