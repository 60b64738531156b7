import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ServerCredentials } from '@grpc/grpc-js';
import { LensError, type ErrorCode } from '../../src/errors.js';
import { connect, type ConnectOptions } from '../../src/index.js';
import { connect as connectWeb } from '../../src/web.js';
import { RecordedServer } from '../support/recorded-server.js';
import { vector } from '../support/vector.js';

const { request, events } = vector('plain');

function client(t: TestContext, address: string, options: ConnectOptions = { plaintext: true }) {
  const made = connect(address, options);
  t.after(() => made.close());
  return made;
}

const failing = (code: ErrorCode, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LensError && error.code === code, String(error));
  assert.match(error.message, words);
  return true;
};

test('a target has a port', () => {
  for (const target of ['localhost', 'host:', '', 'a:1,b:2', 'localhost:65536']) assert.throws(() => connect(target), /host:port/);
  assert.throws(() => connect('http://localhost:50061'), /is a URL; give host:port alone/);
  for (const target of ['localhost:50061', '[::1]:50061', 'dns:///replicas.example:50061', 'unix:/tmp/socket']) {
    connect(target, { plaintext: true }).close();
  }
});

test('keys stay on this machine unless over TLS', () => {
  assert.throws(() => connect('lens.example:50061', { plaintext: true, apiKey: 'secret' }), /use TLS/);
  assert.throws(() => connectWeb('http://lens.example', { bearerToken: 'secret' }), /https:/);
  for (const target of ['localhost:1', '127.0.0.1:1', '[::1]:1', 'unix:/tmp/socket']) connect(target, { plaintext: true, apiKey: 'secret' }).close();
  connectWeb('http://localhost:1', { apiKey: 'secret' }).close();
  connectWeb('https://lens.example', { apiKey: 'secret' }).close();
});

test('a key that is no header is not shown', async (t) => {
  const asker = client(t, '127.0.0.1:1', { plaintext: true, apiKey: 'secret\n' });
  await assert.rejects(asker.streamOf(request).result(), (error) => error instanceof RangeError && /API key/.test(error.message) && !/secret/.test(error.message));
});

test('a file of no certificates', () => {
  assert.throws(() => connect('lens.example:1', { trustCertificates: 'package.json' }), /package\.json holds no certificate in PEM form/);
});

test('refused calls are made again, with the key', async (t) => {
  const server = new RecordedServer(events, 2);
  const asker = client(t, await server.start(t), { plaintext: true, bearerToken: () => 'token' });
  const result = await asker.streamOf(request).result();
  assert.equal(result.summary.selfCheck?.top1Agrees, true);
  assert.deepEqual(server.keys, ['Bearer token', 'Bearer token', 'Bearer token']);
});

test('refusals come to an end', async (t) => {
  const server = new RecordedServer(events, 4);
  await assert.rejects(client(t, await server.start(t)).streamOf(request).result(), failing('UNAVAILABLE', /not now\. Check that the server runs/));
});

test('TLS with a certificate and a key', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stratalens-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=test',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const server = new RecordedServer(events);
  const address = await server.start(t, ServerCredentials.createSsl(null, [{ private_key: readFileSync(key), cert_chain: readFileSync(certificate) }]));
  await client(t, address, { trustCertificates: certificate, apiKey: 'secret' }).streamOf(request).result();
  assert.deepEqual(server.keys, ['secret']);
  await assert.rejects(client(t, address, {}).streamOf(request).result(), failing('UNAVAILABLE', /certificate is not trusted/));
});

test('TLS to a plain server', async (t) => {
  const server = new RecordedServer(events);
  await assert.rejects(client(t, await server.start(t), {}).streamOf(request).result(), failing('UNAVAILABLE', /TLS/));
});

test('nothing listens', async (t) => {
  await assert.rejects(client(t, '127.0.0.1:1').streamOf(request).result(), failing('UNAVAILABLE', /Nothing listens at 127\.0\.0\.1:1/));
});

test('a stream that breaks off', async (t) => {
  const server = new RecordedServer(events.slice(0, -1));
  let layers = 0;
  await assert.rejects(async () => {
    for await (const _ of client(t, await server.start(t)).streamOf(request)) layers++;
  }, failing('BROKEN_STREAM', /without a summary/));
  assert.ok(layers > 0);
});

test('a message that is too large', async (t) => {
  const server = new RecordedServer(events);
  const asker = client(t, await server.start(t), { plaintext: true, maxMessageBytes: 8 });
  await assert.rejects(asker.streamOf(request).result(), failing('LIMIT_EXCEEDED', /maxMessageBytes/));
});

test('the deadline', async (t) => {
  const server = new RecordedServer([]);
  const asker = client(t, await server.start(t));
  await assert.rejects(asker.streamOf(request, { timeoutMs: 0 }).result(), failing('DEADLINE_EXCEEDED', /Give the call more time/));
  for (const timeoutMs of [NaN, -1, 1e15]) {
    await assert.rejects(asker.streamOf(request, { timeoutMs }).result(), (error) => error instanceof RangeError && /timeoutMs is/.test(error.message));
  }
});

test('a signal that is a deadline', async (t) => {
  const asker = client(t, await new RecordedServer(events).start(t));
  await assert.rejects(asker.streamOf(request, { signal: AbortSignal.abort() }).result(), failing('CANCELLED', /The call was canceled/));
  const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  await assert.rejects(asker.streamOf(request, { signal: late }).result(), failing('DEADLINE_EXCEEDED', /Give the call more time/));
});

test('a server that never answers', async (t) => {
  const silent = createServer((socket) => t.after(() => socket.destroy()));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => silent.close());
  const asker = client(t, `127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await assert.rejects(asker.streamOf(request, { timeoutMs: 300 }).result(), failing('DEADLINE_EXCEEDED', /before there was a connection\. Check/));
});

test('calls of a closed client end', async (t) => {
  const asker = client(t, await new RecordedServer(events).start(t));
  const stream = asker.streamOf(request);
  await stream.info();
  asker.close();
  await assert.rejects(stream.result(), failing('CANCELLED', /The client was closed/));
  await assert.rejects(asker.streamOf(request).result(), failing('CANCELLED', /The client was closed/));
});

test('a request that cannot be sent', async (t) => {
  const asker = client(t, '127.0.0.1:1');
  await assert.rejects(asker.analyze([1.5]), failing('INVALID_REQUEST', /TokenIds\.ids.*invalid int32: 1\.5/));
  await assert.rejects(asker.analyze('text', { topK: NaN }), failing('INVALID_REQUEST', /top_k/));
});
