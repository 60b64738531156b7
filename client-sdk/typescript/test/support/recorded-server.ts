import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, status, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import type { TestContext } from 'node:test';
import { AnalyzeBatchRequestSchema, AnalyzeBatchResponseSchema, AnalyzeResponseSchema, type Event } from '../../src/generated/stratalens/v1/lens_service_pb.js';

/** A server that answers with a recorded stream, after it refused some calls. */
export class RecordedServer {
  /** What the calls brought as x-api-key or authorization. */
  readonly keys: string[] = [];
  #refusals: number;

  constructor(readonly events: readonly Event[], refusals = 0) {
    this.#refusals = refusals;
  }

  /** Serves on a port of this machine until the test ends; gives its address. */
  async start(test: TestContext, credentials = ServerCredentials.createInsecure()): Promise<string> {
    const server = new Server();
    server.register('/stratalens.v1.LensService/Analyze', (call: ServerWritableStream<Buffer, Buffer>) => this.#answer(call),
      (message: Buffer) => message, (message: Buffer) => message, 'serverStream');
    server.register('/stratalens.v1.LensService/AnalyzeBatch', (call: ServerDuplexStream<Buffer, Buffer>) => this.#answerBatch(call),
      (message: Buffer) => message, (message: Buffer) => message, 'bidi');
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound))));
    test.after(() => server.forceShutdown());
    return `127.0.0.1:${port}`;
  }

  #answer(call: ServerWritableStream<Buffer, Buffer>): void {
    for (const name of ['x-api-key', 'authorization']) this.keys.push(...call.metadata.get(name).map(String));
    if (this.#refusals > 0) {
      this.#refusals--;
      call.emit('error', { code: status.UNAVAILABLE, details: 'not now', metadata: new Metadata() });
      return;
    }
    for (const event of this.events) call.write(Buffer.from(toBinary(AnalyzeResponseSchema, create(AnalyzeResponseSchema, { events: [event] }))));
    call.end();
  }
  #answerBatch(call: ServerDuplexStream<Buffer, Buffer>): void {
    const write = (kind: MessageInitShape<typeof AnalyzeBatchResponseSchema>['kind']) =>
      call.write(Buffer.from(toBinary(AnalyzeBatchResponseSchema, create(AnalyzeBatchResponseSchema, { ...(kind && { kind }) }))));
    write({ case: 'started', value: { window: 1 } });
    call.on('data', (bytes: Buffer) => {
      const { kind } = fromBinary(AnalyzeBatchRequestSchema, bytes);
      if (kind.case === 'prompt') write({ case: 'events', value: { tag: kind.value.tag, events: [...this.events] } });
    });
    call.on('end', () => call.end());
  }
}
