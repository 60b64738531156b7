import { strict as assert } from 'node:assert';
import { test, type TestContext } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { connect, contract, layerPoint } from '../../src/index.js';
import { serverAddress } from '../support/servers.js';

const CAPITAL = 'The capital of France is';
const PARIS = { kind: { case: 'logit', value: { token: { case: 'text', value: ' Paris' } } } } as const;

/** The feed-forward of two blocks adds nothing. */
const zeroed = (positions: { first: number; last: number }[]) => create(contract.InterventionSchema, {
  rows: { site: contract.Site.FEED_FORWARD_OUTPUT, layers: [{ first: 6, last: 7 }], positions },
  operation: { case: 'set', value: { value: { case: 'zero', value: {} } } },
});

function client(t: TestContext) {
  const made = connect(serverAddress(), { plaintext: true });
  t.after(() => made.close());
  return made;
}

test('an intervention, its effect and the unchanged result', async (t) => {
  const asker = client(t);
  const result = await asker.analyze(CAPITAL, {
    interventions: [zeroed([{ first: -1, last: -1 }])], effect: { metrics: [PARIS], withUnchangedResult: true },
  });
  const plain = await asker.analyze(CAPITAL);
  const last = result.info.lastPosition;
  assert.deepEqual(result.unchanged!.top(9, last), plain.top(9, last));
  assert.notDeepEqual(result.top(9, last), plain.top(9, last));
  assert.ok(!result.effect!.reaches(layerPoint(9), 0));
  assert.ok(result.effect!.reaches(layerPoint(9), last));
  const [metric] = result.effect!.metrics;
  assert.ok(Math.abs(metric!.changed - metric!.unchanged) > 0.01);
});

test('a sweep', async (t) => {
  const sweep = await client(t).sweep({
    prompt: { form: { case: 'text', value: CAPITAL } }, intervention: zeroed([]), metric: PARIS,
  });
  assert.equal(sweep.values.length, 12);
  assert.equal(sweep.tokens.length, 6);
  assert.ok(Math.abs(sweep.at(6, 5) - sweep.header.unchanged) > 0.1);
  assert.throws(() => sweep.at(0, 5), /not in the sweep/);
});
