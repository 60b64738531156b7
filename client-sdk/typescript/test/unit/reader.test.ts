import { strict as assert } from 'node:assert';
import { test } from 'node:test';
// The viewer's reader, as this package has it.
import { FileError, openText } from '../../../viewer/src/file/open.js';
import { Assembler } from '../../src/assembly/assembler.js';
import { nativeJson } from '../../src/file/native-json.js';
import { vector } from '../support/vector.js';

test("the viewer's reader opens what the client writes", async () => {
  const { request, events } = vector('compact');
  const assembler = new Assembler(request);
  for (const event of events) assembler.add(event);
  const result = assembler.finish();
  const [lens] = await openText(JSON.stringify(nativeJson(result)));
  assert.ok(lens !== undefined);
  const { run } = lens;
  await lens.load(0, run.positions.length);
  assert.deepEqual(run.layers, result.layers.map(({ number }) => number));
  run.layers.forEach((layer, l) => run.positions.forEach((position, p) => {
    for (const [place, { token, logProb }] of result.top(layer, position).entries()) assert.deepEqual(lens.prediction(l, p, place), { token, logProb });
    for (const { name } of run.statistics) assert.equal(lens.statistic(name, l, p), result.column(name as 'entropy').at(layer, position));
    result.info.targets.forEach(({ target }, m) => assert.equal(lens.targetRank(m, l, p), result.ranks(target).at(layer, position)));
  }));
});

test('a file that is none', async () => {
  await assert.rejects(openText('[]'), (error) => error instanceof FileError && /choose a file/.test(error.message));
});
