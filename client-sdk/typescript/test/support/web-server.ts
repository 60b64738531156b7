import { create, toBinary } from '@bufbuild/protobuf';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { framed } from '../../src/call/web-frames.js';
import { AnalyzeResponseSchema, type Event } from '../../src/generated/stratalens/v1/lens_service_pb.js';

/** Serves HTTP on a port of this machine until the test ends; gives its URL. */
export async function httpServer(test: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An answer of a gRPC-Web proxy: messages, and the status at the end. */
export function sendWeb(response: ServerResponse, messages: readonly Uint8Array[], status: string): void {
  response.setHeader('content-type', 'application/grpc-web+proto');
  for (const message of messages) response.write(framed(message));
  const trailers = framed(new TextEncoder().encode(status));
  trailers[0] = 0x80;
  response.end(trailers);
}

/** A proxy before a server that answers with a recorded stream. */
export function webServer(test: TestContext, events: readonly Event[]): Promise<string> {
  const message = toBinary(AnalyzeResponseSchema, create(AnalyzeResponseSchema, { events: [...events] }));
  return httpServer(test, (_: IncomingMessage, response) => sendWeb(response, [message], 'grpc-status: 0\r\n'));
}
