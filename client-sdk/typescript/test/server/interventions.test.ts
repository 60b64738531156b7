import { strict as assert } from 'node:assert';
import { test, type TestContext } from 'node:test';
import { connect, directions, interventions, layerPoint, LensError, metrics, promptMessage, type Indexes } from '../../src/index.js';
import { serverAddress } from '../support/servers.js';

const CAPITAL = 'The capital of France is';
const PARIS = metrics.logit(' Paris');

/** The feed-forward of two blocks adds nothing. */
const zeroed = (positions: Indexes) => interventions.setZero({ site: 'feed-forward-output', layers: [6, 7], positions });

function client(t: TestContext) {
  const made = connect(serverAddress(), { plaintext: true });
  t.after(() => made.close());
  return made;
}

test('an intervention, its effect and the unchanged result', async (t) => {
  const asker = client(t);
  const result = await asker.analyze(CAPITAL, {
    interventions: [zeroed(-1)], effect: { metrics: [PARIS], withUnchangedResult: true },
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

test('each operation is done', async (t) => {
  const asker = client(t);
  const last = (layers: number) => ({ layers, positions: -1 });
  const [paris, rome] = [directions.token(' Paris'), directions.token(' Rome')];
  const italy = 'The capital of Italy is';
  const vector = Array.from({ length: 192 }, (_, i) => (i === 3 ? 50 : 0));
  const changes = [
    interventions.replaceFrom(italy, last(8)),
    interventions.replaceFrom(undefined, last(8), { layer: 2, positions: 1 }),
    interventions.add(rome, 20, last(8)),
    interventions.add(directions.vector(vector), 10, last(8)),
    interventions.addShare(directions.difference(['In France, people'], [CAPITAL, italy]), 1, last(5)),
    interventions.projectOut(paris, last(8)),
    interventions.swap(paris, rome, last(8)),
    interventions.setZero({ site: 'attention-heads', heads: [0, 1], skipFirstToken: true }),
    interventions.setMean([italy], last(8), -1),
    interventions.setVector(vector, last(8)),
    interventions.scale(-1, last(8)),
    interventions.skipBlock({ layers: 7 }),
  ];
  const asked = { metrics: [metrics.klFromUnchanged(), metrics.logitDifference(' Rome', ' Paris', -1), metrics.logProbability(' Rome')] };
  for (const change of changes) {
    const { effect } = await asker.analyze(CAPITAL, { interventions: [change], effect: asked });
    assert.ok(effect!.metrics[0]!.changed > 1e-4, change.operation.case);
  }
  // The server has no fitted lens of this name.
  const unknown = interventions.add(directions.token(' Rome', 'other'), 1);
  await assert.rejects(asker.analyze(CAPITAL, { interventions: [unknown] }), (error) => error instanceof LensError && /other/.test(error.message));
});

test('a sweep', async (t) => {
  const sweep = await client(t).sweep({
    prompt: promptMessage(CAPITAL), intervention: zeroed([]), metric: PARIS,
  });
  assert.equal(sweep.values.length, 12);
  assert.equal(sweep.tokens.length, 6);
  assert.ok(Math.abs(sweep.at(6, 5) - sweep.header.unchanged) > 0.1);
  assert.throws(() => sweep.at(0, 5), /not in the sweep/);
});
