import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { spellingOf, textOf } from '../../src/assembly/token-bytes.js';
import { framed, framesOf, trailersOf } from '../../src/call/web-frames.js';
import { TokenSpelling } from '../../src/generated/stratalens/v1/model_pb.js';
import { ask } from '../../src/request/request.js';
import { COLUMNS } from '../../src/result/columns.js';
import { display } from '../../src/result/token.js';

test('nothing in a token is invisible', () => {
  const shown = { ' Paris': '·Paris', 'a\n\t': 'a⏎→', '\u0301e': '◌\u0301e', '\u200b': '\\u200b', '\u{e0001}': '\\udb40\\udc01', '国': '国' };
  for (const [text, expected] of Object.entries(shown)) assert.equal(display({ id: 0, raw: text, text }), expected);
});

test('bytes that are no whole character', () => {
  assert.equal(textOf(Uint8Array.of(0x61, 0xe5, 0x9b, 0x20)), 'a<0xE5><0x9B> ');
  assert.equal(spellingOf(new TextEncoder().encode(' é'), TokenSpelling.BYTE_LEVEL), 'ĠÃ©');
  assert.equal(spellingOf(new TextEncoder().encode(' a b'), TokenSpelling.METASPACE), '▁a▁b');
});

test('columns have the names that requests may use', () => {
  assert.deepEqual(COLUMNS.map(({ name }) => name), ['log-sum-exp', 'entropy', 'kl-from-final', 'kl-from-next', 'margin', 'cross-entropy']);
});

test('a request refuses names that do not exist', () => {
  assert.throws(() => ask('x', { statistics: ['entropie' as 'entropy'] }), /choose from log-sum-exp, entropy/);
  assert.throws(() => ask('x', { sites: ['output' as 'block-output'] }), /choose from embedding/);
});

test('a request takes fields of the contract that have no name', () => {
  assert.equal(ask('x', { topK: 3, also: { topK: 7 } }).topK, 7);
});

test('frames are found however they are cut', async () => {
  const messages = [Uint8Array.of(1, 2, 3), new Uint8Array(), Uint8Array.of(4)];
  const bytes = Uint8Array.from(messages.flatMap((message) => [...framed(message)]));
  for (let size = 1; size <= bytes.length; size++) {
    async function* parts() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const found = [];
    for await (const frame of framesOf(parts(), 10)) found.push(Uint8Array.from(frame.bytes));
    assert.deepEqual(found, messages);
  }
  assert.equal(trailersOf(new TextEncoder().encode('grpc-status: 5\r\nGrpc-Message:a:b\r\n')).get('grpc-message'), 'a:b');
});
