import type { DescMessage, DescMethodBiDiStreaming, MessageShape } from '@bufbuild/protobuf';
import { Client, Metadata, type ChannelCredentials, type ClientDuplexStream, type ClientReadableStream, type ClientOptions, type ServiceError } from '@grpc/grpc-js';
import { LensError } from '../errors.js';
import { endedBy, timeoutOf, TOO_LATE } from './ended.js';
import { decoded, encoded } from './messages.js';
import { RunningCalls, type RunningCall } from './running-calls.js';
import { StatusCode } from './status-code.js';
import { failureOf } from './status-reader.js';
import { pathOf, type AskedOnce, type CallOptions, type Exchange, type Transport } from './transport.js';

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const asBytes = (bytes: Buffer): Uint8Array => bytes;

/** Calls over gRPC, in Node.js. */
export class GrpcTransport implements Transport {
  readonly #client: Client;
  readonly #headers: () => Readonly<Record<string, string>>;
  readonly #calls = new RunningCalls();

  /** @param headers sent with every call */
  constructor(target: string, credentials: ChannelCredentials, options: ClientOptions, headers: () => Readonly<Record<string, string>>) {
    this.#client = new Client(target, credentials, options);
    this.#headers = headers;
  }

  async *call<I extends DescMessage, O extends DescMessage>(
    method: AskedOnce<I, O>, request: MessageShape<I>, options: CallOptions): AsyncIterable<MessageShape<O>> {
    const deadline = deadlineOf(options);
    const message = encoded(method.input, request);
    const metadata = this.#metadata();
    const running = this.#calls.begin(options.signal);
    const stream = this.#client.makeServerStreamRequest(pathOf(method), asBuffer, asBytes, message, metadata, deadline);
    yield* responsesOf(method.output, stream, deadline, running);
  }

  exchange = <I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>, options: CallOptions): Exchange<MessageShape<I>, MessageShape<O>> => {
    const deadline = deadlineOf(options);
    const metadata = this.#metadata();
    const running = this.#calls.begin(options.signal);
    const stream = this.#client.makeBidiStreamRequest(pathOf(method), asBuffer, asBytes, metadata, deadline);
    return {
      send: (request) => void stream.write(encoded(method.input, request)),
      end: () => stream.end(),
      responses: responsesOf(method.output, stream, deadline, running),
      cancel: () => stream.cancel(),
    };
  };

  close(): void {
    this.#calls.close();
    this.#client.close();
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(this.#headers())) metadata.set(name, value);
    return metadata;
  }
}

/** Responses of a call, read no faster than they are taken. */
async function* responsesOf<O extends DescMessage>(
  schema: O, stream: ClientReadableStream<Uint8Array> | ClientDuplexStream<Uint8Array, Uint8Array>, { deadline }: { deadline?: number },
  { ended, done }: RunningCall): AsyncGenerator<MessageShape<O>> {
  const cancel = () => stream.cancel();
  stream.on('error', () => {}); // the loop tells it; after the loop, nothing else would listen
  ended.addEventListener('abort', cancel);
  try {
    if (ended.aborted) cancel();
    for await (const bytes of stream as AsyncIterable<Uint8Array>) yield decoded(schema, bytes);
  } catch (error) {
    if (ended.aborted) throw endedBy(ended);
    throw statusFailure(error as ServiceError, deadline !== undefined && Date.now() >= deadline);
  } finally {
    ended.removeEventListener('abort', cancel);
    cancel();
    done();
  }
}

function deadlineOf(options: CallOptions): { deadline?: number } {
  const timeoutMs = timeoutOf(options);
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

/** @param isLate whether the deadline has passed */
function statusFailure(error: ServiceError, isLate: boolean): unknown {
  if (typeof error.code !== 'number') return error; // not of gRPC: told before, or a fault of the program that reads
  // The server may end a late call before this side does.
  if (isLate && error.code === StatusCode.CANCELLED) return new LensError('DEADLINE_EXCEEDED', TOO_LATE, { cause: error });
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  return failureOf({
    code: error.code,
    message: error.details,
    details: details instanceof Uint8Array ? details : undefined,
    cause: error,
  });
}
