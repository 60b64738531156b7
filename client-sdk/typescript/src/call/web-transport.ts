import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import { LensError } from '../errors.js';
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

/** Calls over gRPC-Web, through a proxy, by fetch: in browsers, and wherever else there is fetch. There are no exchanges. */
export class WebTransport implements Transport {
  readonly exchange = undefined;
  readonly #settings: WebSettings;

  constructor(settings: WebSettings) {
    this.#settings = settings;
  }

  async *call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, { signal, timeoutMs }: CallOptions): AsyncIterable<MessageShape<O>> {
    const signals = [...(signal === undefined ? [] : [signal]), ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)])];
    const ended = AbortSignal.any(signals);
    let trailers: ReadonlyMap<string, string> | undefined;
    try {
      const response = await this.#send(pathOf(method), toBinary(method.input, request), timeoutMs, ended);
      for await (const { isTrailers, bytes } of framesOf(chunksOf(response.body), this.#settings.maxMessageBytes)) {
        if (isTrailers) trailers = trailersOf(bytes);
        else yield fromBinary(method.output, bytes) as MessageShape<O>;
      }
      // A failure before the first message may come as headers alone.
      if (trailers === undefined && response.headers.has('grpc-status')) trailers = new Map(response.headers);
    } catch (error) {
      throw webFailure(error, ended);
    }
    requireOk(trailers);
  }

  close(): void {}

  async #send(path: string, message: Uint8Array, timeoutMs: number | undefined, signal: AbortSignal): Promise<Response> {
    const response = await fetch(`${this.#settings.url.replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/grpc-web+proto',
        'x-grpc-web': '1',
        ...(timeoutMs === undefined ? {} : { 'grpc-timeout': `${Math.ceil(timeoutMs)}m` }),
        ...this.#settings.headers(),
      },
      body: framed(message),
      signal,
    });
    if (!response.ok) throw failureOf({ code: StatusCode.UNAVAILABLE, message: `HTTP ${response.status}` });
    return response;
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
    message: decodeURIComponent(trailers.get('grpc-message') ?? ''),
    details: details === undefined ? undefined : base64Decode(details),
  });
}

function webFailure(error: unknown, ended: AbortSignal): unknown {
  if (error instanceof LensError) return error;
  if (ended.aborted) {
    const late = (ended.reason as { name?: string } | undefined)?.name === 'TimeoutError';
    return late
      ? new LensError('DEADLINE_EXCEEDED', 'The deadline passed. Give the call more time, or ask for less.', { cause: error })
      : new LensError('CANCELLED', 'The call was canceled.', { cause: error });
  }
  if (error instanceof RangeError) return failureOf({ code: StatusCode.RESOURCE_EXHAUSTED, message: error.message, cause: error });
  const said = `${(error as Error).message}: ${String((error as { cause?: unknown }).cause ?? 'the proxy does not answer, or does not allow this page')}`;
  return failureOf({ code: StatusCode.UNAVAILABLE, message: said, cause: error });
}
