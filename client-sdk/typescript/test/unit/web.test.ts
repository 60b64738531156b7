import { strict as assert } from 'node:assert';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { anyPack } from '@bufbuild/protobuf/wkt';
import type { ErrorCode } from '../../src/errors.js';
import { RetryInfoSchema } from '../../src/generated/google/rpc/error_details_pb.js';
import { StatusSchema } from '../../src/generated/google/rpc/status_pb.js';
import { connect, LensError } from '../../src/web.js';
import { vector } from '../support/vector.js';
import { httpServer, sendWeb, webServer } from '../support/web-server.js';

const { request, events } = vector('plain');

const failing = (code: ErrorCode, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LensError && error.code === code, String(error));
  assert.match(error.message, words);
  return true;
};

const ANSWERS: Record<string, [answer: (response: ServerResponse) => void, code: ErrorCode, words: RegExp]> = {
  'a page': [(r) => r.setHeader('content-type', 'text/html').end('<!doctype html>'), 'INTERNAL', /no gRPC-Web proxy: its answer is of the type "text\/html"/],
  'HTTP 401': [(r) => r.writeHead(401).end(), 'UNAUTHENTICATED', /HTTP 401/],
  'HTTP 403': [(r) => r.writeHead(403).end(), 'NOT_ALLOWED', /HTTP 403/],
  'HTTP 404': [(r) => r.writeHead(404).end(), 'NOT_AVAILABLE', /HTTP 404/],
  'no message': [(r) => sendWeb(r, [new Uint8Array([255, 255])], 'grpc-status: 0\r\n'), 'BROKEN_STREAM', /no message that can be read/],
  'a message with a percent sign': [(r) => sendWeb(r, [], 'grpc-status: 3\r\ngrpc-message: 100% wrong\r\n'), 'INVALID_REQUEST', /^100% wrong$/],
  'an escaped message': [(r) => sendWeb(r, [], 'grpc-status: 3\r\ngrpc-message: 100%25\r\n'), 'INVALID_REQUEST', /^100%$/],
  'a status alone': [(r) => sendWeb(r, [], 'grpc-status: 13\r\n'), 'INTERNAL', /status 13 of gRPC, without a word/],
};

for (const [name, [answer, code, words]] of Object.entries(ANSWERS)) {
  test(name, async (t) => {
    const url = await httpServer(t, (_, response) => answer(response));
    await assert.rejects(connect(url).streamOf(request).result(), failing(code, words));
  });
}

test('a proxy has a URL', () => {
  for (const url of ['localhost:8081', 'lens.example', '', 'ftp://lens.example']) assert.throws(() => connect(url), /no URL of a gRPC-Web proxy/);
});

/** A refusal that asks for a pause of an hour. */
function sendRetryInAnHour(response: ServerResponse): void {
  const retry = create(RetryInfoSchema, { retryDelay: { seconds: 3600n } });
  const details = toBinary(StatusSchema, create(StatusSchema, { code: 14, details: [anyPack(RetryInfoSchema, retry)] }));
  sendWeb(response, [], `grpc-status: 14\r\ngrpc-message: not now\r\ngrpc-status-details-bin: ${base64Encode(details)}\r\n`);
}

test('a call is not made again after its deadline', { timeout: 20_000 }, async (t) => {
  let calls = 0;
  const url = await httpServer(t, (_, response) => {
    calls++;
    sendRetryInAnHour(response);
  });
  await assert.rejects(connect(url).streamOf(request, { timeoutMs: 60_000 }).result(), failing('UNAVAILABLE', /not now/));
  assert.equal(calls, 1);
});

test('a signal ends the pause before the next attempt', { timeout: 20_000 }, async (t) => {
  const stop = new AbortController();
  const url = await httpServer(t, (_, response) => {
    sendRetryInAnHour(response);
    setTimeout(() => stop.abort(), 200);
  });
  await assert.rejects(connect(url).streamOf(request, { signal: stop.signal }).result(), failing('CANCELLED', /was canceled/));
});

test('closing the client ends the pause before the next attempt', { timeout: 20_000 }, async (t) => {
  const url = await httpServer(t, (_, response) => {
    sendRetryInAnHour(response);
    setTimeout(() => client.close(), 200);
  });
  const client = connect(url);
  await assert.rejects(client.streamOf(request).result(), failing('CANCELLED', /The client was closed/));
});

test('calls of a closed client end', async (t) => {
  const client = connect(await webServer(t, events));
  client.close();
  await assert.rejects(client.streamOf(request).result(), failing('CANCELLED', /The client was closed/));
});
