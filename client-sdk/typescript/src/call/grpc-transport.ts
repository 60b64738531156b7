import { fromBinary, toBinary, type DescMessage, type DescMethodBiDiStreaming, type MessageShape } from '@bufbuild/protobuf';
import { Client, Metadata, type ChannelCredentials, type ClientDuplexStream, type ClientReadableStream, type ClientOptions, type ServiceError } from '@grpc/grpc-js';
import { failureOf } from './status-reader.js';
import { pathOf, type AskedOnce, type CallOptions, type Exchange, type Transport } from './transport.js';

/** Calls over gRPC, in Node.js. */
export class GrpcTransport implements Transport {
  readonly #client: Client;
  readonly #headers: () => Readonly<Record<string, string>>;

  /** @param headers sent with every call */
  constructor(target: string, credentials: ChannelCredentials, options: ClientOptions, headers: () => Readonly<Record<string, string>>) {
    this.#client = new Client(target, credentials, options);
    this.#headers = headers;
  }

  async *call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, options: CallOptions): AsyncIterable<MessageShape<O>> {
    const stream = this.#client.makeServerStreamRequest<MessageShape<I>, MessageShape<O>>(
      pathOf(method), (message) => Buffer.from(toBinary(method.input, message)), (bytes) => fromBinary(method.output, bytes),
      request, this.#metadata(), deadline(options));
    yield* responsesOf(stream, options.signal);
  }

  exchange = <I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>, options: CallOptions): Exchange<MessageShape<I>, MessageShape<O>> => {
    const stream: ClientDuplexStream<MessageShape<I>, MessageShape<O>> = this.#client.makeBidiStreamRequest(
      pathOf(method), (message) => Buffer.from(toBinary(method.input, message)), (bytes) => fromBinary(method.output, bytes),
      this.#metadata(), deadline(options));
    return {
      send: (request) => void stream.write(request),
      end: () => stream.end(),
      responses: responsesOf(stream, options.signal),
      cancel: () => stream.cancel(),
    };
  };

  close(): void {
    this.#client.close();
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(this.#headers())) metadata.set(name, value);
    return metadata;
  }
}

/** Responses of a call, read no faster than they are taken. */
async function* responsesOf<T>(
  stream: ClientReadableStream<T> | ClientDuplexStream<never, T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  const cancel = () => stream.cancel();
  stream.on('error', () => {}); // the loop tells it; after the loop, nothing else would listen
  signal?.addEventListener('abort', cancel);
  try {
    if (signal?.aborted) cancel();
    yield* stream as AsyncIterable<T>;
  } catch (error) {
    throw statusFailure(error as ServiceError);
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}

function deadline({ timeoutMs }: CallOptions) {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function statusFailure(error: ServiceError): unknown {
  if (typeof error.code !== 'number') return error; // not of gRPC: a fault of the program that reads
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  return failureOf({
    code: error.code,
    message: error.details,
    details: details instanceof Uint8Array ? details : undefined,
    cause: error,
  });
}
