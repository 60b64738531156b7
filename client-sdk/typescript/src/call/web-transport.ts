import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import { LensError } from '../errors.js';
import { endedBy, timeoutOf } from './ended.js';
import { decoded, encoded } from './messages.js';
import { RunningCalls } from './running-calls.js';
import { failureOf } from './status-reader.js';
import { StatusCode } from './status-code.js';
import { pathOf, type AskedOnce, type CallOptions, type Transport } from './transport.js';
import { chunksOf, framed, framesOf, trailersOf } from './web-frames.js';

/** How calls through a proxy are made. */
export interface WebSettings {
  /** Address of the proxy, such as `https://lens.example.org:8443`. */
  readonly url: string;
  /** Sent with every call. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly maxMessageBytes: number;
}

/** What gRPC makes of the status of HTTP; anything else is a fault. */
const BY_HTTP: Readonly<Partial<Record<number, number>>> = {
  401: StatusCode.UNAUTHENTICATED,
  403: StatusCode.PERMISSION_DENIED,
  404: StatusCode.UNIMPLEMENTED,
  429: StatusCode.UNAVAILABLE,
  502: StatusCode.UNAVAILABLE,
  503: StatusCode.UNAVAILABLE,
  504: StatusCode.UNAVAILABLE,
};

/** Calls over gRPC-Web, through a proxy, by fetch: in browsers, and wherever else there is fetch. There are no exchanges. */
export class WebTransport implements Transport {
  readonly exchange = undefined;
  readonly #settings: WebSettings;
  readonly #calls = new RunningCalls();

  constructor(settings: WebSettings) {
    this.#settings = settings;
  }

  async *call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, options: CallOptions): AsyncIterable<MessageShape<O>> {
    const timeoutMs = timeoutOf(options);
    const init = {
      method: 'POST',
      headers: {
        'content-type': 'application/grpc-web+proto',
        'x-grpc-web': '1',
        ...(timeoutMs === undefined ? {} : { 'grpc-timeout': inEightDigits(timeoutMs) }),
        ...this.#settings.headers(),
      },
      body: framed(encoded(method.input, request)),
    };
    const { ended, done } = this.#calls.begin(options.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs));
    let trailers: ReadonlyMap<string, string> | undefined;
    try {
      const response = await fetch(`${this.#settings.url.replace(/\/$/, '')}${pathOf(method)}`, { ...init, signal: ended });
      requireGrpcWeb(response);
      for await (const { isTrailers, bytes } of framesOf(chunksOf(response.body), this.#settings.maxMessageBytes)) {
        if (isTrailers) trailers = trailersOf(bytes);
        else yield decoded(method.output, bytes);
      }
      // A failure before the first message may come as headers alone.
      if (trailers === undefined && response.headers.has('grpc-status')) trailers = new Map(response.headers);
    } catch (error) {
      throw webFailure(error, ended);
    } finally {
      done();
    }
    requireOk(trailers);
  }

  close(): void {
    this.#calls.close();
  }
}

/** A deadline as gRPC has it. */
function inEightDigits(timeoutMs: number): string {
  return timeoutMs < 1e8 ? `${Math.ceil(timeoutMs)}m` : `${Math.ceil(timeoutMs / 1000)}S`;
}

/** Refuses an answer of anything but a gRPC-Web proxy. */
function requireGrpcWeb({ ok, status, headers }: Response): void {
  if (!ok) throw failureOf({ code: BY_HTTP[status] ?? StatusCode.UNKNOWN, message: `HTTP ${status}` });
  const type = headers.get('content-type') ?? '';
  if (!type.startsWith('application/grpc-web')) {
    throw failureOf({ code: StatusCode.UNKNOWN, message: `the answer is of the type ${JSON.stringify(type)}` });
  }
}

/** Refuses an answer whose status is missing or not OK. */
function requireOk(trailers: ReadonlyMap<string, string> | undefined): void {
  const status = trailers?.get('grpc-status');
  if (status === '0') return;
  if (trailers === undefined || status === undefined) {
    throw failureOf({ code: StatusCode.UNAVAILABLE, message: 'the connection ended before the answer was complete' });
  }
  const details = trailers.get('grpc-status-details-bin');
  throw failureOf({
    code: Number(status),
    message: unescaped(trailers.get('grpc-message') ?? ''),
    details: details === undefined ? undefined : base64Decode(details),
  });
}

/** A message without its percent signs; as it came if they escape nothing. */
function unescaped(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

function webFailure(error: unknown, ended: AbortSignal): unknown {
  if (error instanceof LensError) return error;
  if (ended.aborted) return endedBy(ended);
  if (error instanceof RangeError) return failureOf({ code: StatusCode.RESOURCE_EXHAUSTED, message: error.message, cause: error });
  const cause = (error as { cause?: unknown }).cause ?? 'the proxy does not answer, or does not allow pages from here';
  return failureOf({ code: StatusCode.UNAVAILABLE, message: `${(error as Error).message}: ${String(cause)}`, cause: error });
}
