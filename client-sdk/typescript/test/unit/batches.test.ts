import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { AnalyzeRequest } from '../../src/generated/stratalens/v1/lens_service_pb.js';
import { ask, connect, LensError, type LensClient } from '../../src/index.js';
import { connect as connectWeb } from '../../src/web.js';
import { RecordedServer } from '../support/recorded-server.js';
import { vector } from '../support/vector.js';
import { webServer } from '../support/web-server.js';

const { request, events } = vector('plain');

/** A source that gives a request only after the outcome of the one before. */
async function outcomesInTurn(client: LensClient, count: number): Promise<number[]> {
  const came: number[] = [];
  let wake = () => {};
  async function* requests() {
    for (let i = 0; i < count; i++) {
      yield request;
      while (came.length <= i) await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  for await (const { index, error } of client.batch(requests())) {
    assert.equal(error, undefined);
    came.push(index);
    wake();
  }
  return came;
}

/** A source that gives one request, and then nothing for ever. */
async function* endless(): AsyncGenerator<AnalyzeRequest> {
  yield request;
  await new Promise(() => {});
}

for (const [name, make] of Object.entries({
  'over gRPC': async (t: Parameters<RecordedServer['start']>[0]) => connect(await new RecordedServer(events).start(t), { plaintext: true }),
  'over gRPC-Web': async (t: Parameters<RecordedServer['start']>[0]) => connectWeb(await webServer(t, events)),
})) {
  test(`${name}: outcomes come while the source waits for them`, { timeout: 20_000 }, async (t) => {
    assert.deepEqual(await outcomesInTurn(await make(t), 3), [0, 1, 2]);
  });

  test(`${name}: a signal ends a batch whose source waits`, { timeout: 20_000 }, async (t) => {
    const stop = new AbortController();
    await assert.rejects(async () => {
      // What is at work when the signal comes has no outcome.
      for await (const _ of (await make(t)).batch(endless(), { signal: stop.signal })) stop.abort();
    }, (error) => error instanceof LensError && error.code === 'CANCELLED' && /Those from index 1 on were not sent\.$/.test(error.message));
  });

  test(`${name}: a request that cannot be sent is an outcome`, async (t) => {
    const codes = new Map<number, string | undefined>();
    for await (const { index, error } of (await make(t)).batch([request, ask('text', { topK: 1.5 }), request])) codes.set(index, error?.code);
    assert.deepEqual([...codes].sort(), [[0, undefined], [1, 'INVALID_REQUEST'], [2, undefined]]);
  });

  test(`${name}: a prompt is no request`, async (t) => {
    const client = await make(t);
    await assert.rejects(async () => {
      for await (const _ of client.batch(['text'] as unknown as AnalyzeRequest[]));
    }, /"text" is no request; make one of a prompt with ask\(prompt\)/);
  });

  test(`${name}: what a source throws ends the batch`, async (t) => {
    const client = await make(t);
    const requests = function* () {
      yield request;
      throw new Error('no more paper');
    };
    await assert.rejects(async () => {
      for await (const _ of client.batch(requests()));
    }, /no more paper/);
  });
}
