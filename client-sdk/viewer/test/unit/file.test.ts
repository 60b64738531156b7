import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { float32Text } from '../../src/file/float32-text.js';
import { nativeJson } from '../../src/file/native-writer.js';
import { readNative } from '../../src/file/native-reader.js';
import { openText } from '../../src/file/open.js';
import { readV2 } from '../../src/file/v2-reader.js';
import { v2Json } from '../../src/file/v2-writer.js';
import type { Lens } from '../../src/lens/lens.js';
import { layerName } from '../../src/lens/names.js';
import { MADE_UP } from '../support/statistics.js';

// Results of the demo model, written by `stratalens analyze`; test/fixtures/README.md has the commands.
const fixture = (name: string): any => JSON.parse(readFileSync(`test/fixtures/${name}`, 'utf8'));
const read = (json: unknown): Lens => readNative(json)[0]!;
const again = async (json: unknown): Promise<unknown> => JSON.parse(await nativeJson(read(json)));

for (const name of ['capital.json', 'exact.json']) {
  test(`${name} comes back equal from the viewer`, async () => {
    assert.deepEqual(await again(fixture(name)), fixture(name));
  });
}

test('what is rare in native JSON comes back equal, too', async () => {
  const json = fixture('exact.json');
  json.prompt = '</script><b>"\u2028\u202e\u200b\ud83d\ude00';
  json.vocab['0'].text = json.prompt;
  json.readings[0].columns['log-sum-exp'][0] = 'Infinity';
  json.readings[0].columns['log-sum-exp'][1] = '-Infinity';
  json.trajectories[0].log_probs[0][0] = '-Infinity';
  json.columns.push({ ...MADE_UP, remark: 'Costs nothing.' });
  json.readings.forEach(({ columns }: any) => (columns['made-up'] = columns['log-sum-exp'].map(() => null)));
  delete json.timings;
  json.lenses = ['transport:tuned'];
  json.approximate = true;
  assert.deepEqual(await again(json), json);
});

test('read points inside blocks, the rule of predictions and the attribution come back equal', async () => {
  const json = fixture('capital.json');
  const { block } = json.read_points[2];
  json.read_points[2].site = 'feed_forward_output';
  json.candidates = 'words';
  json.attribution = {
    parts: [{ block: 0, site: 'embedding', shares: [0.5, null] }],
    heads: [{ block: 0, count: 1, shares: [-0.25, null] }],
    biases: [0.125, null], logits: [0.625, null], softcap: null, largest_difference: 0,
  };
  assert.deepEqual(await again(json), json);
  const lens = read(json);
  assert.equal(layerName(lens, 2), `feed-forward of block ${block}`);
  await assert.rejects(v2Json(lens, new Date(0)), /the predictions of this result are others/);
});

test('without a prompt, ranges, targets and trajectories nothing is invented', async () => {
  const json = fixture('capital.json');
  for (const key of ['prompt', 'trajectories']) delete json[key];
  json.tokens.forEach((token: Record<string, unknown>) => {
    delete token['start'];
    delete token['end'];
  });
  json.targets = [];
  json.readings.forEach((reading: any) => (reading.ranks = reading.target_log_probs = reading.ids.map(() => [])));
  assert.deepEqual(await again(json), json);
  const lens = read(json);
  assert.equal(lens.run.prompt, undefined);
  assert.equal(lens.tracked(0).length, 0);
  const { token, logProb } = lens.prediction(3, 2, 4);
  assert.equal(lens.logProb(token.id, 3, 2), logProb);
  const other = [...lens.vocabulary()].find(({ id }) => ![0, 1, 2, 3, 4].some((place) => lens.prediction(3, 2, place).token.id === id))!;
  assert.equal(lens.logProb(other.id, 3, 2), undefined);
});

test('layers and lenses may be left to their shorthand', () => {
  const json = fixture('capital.json');
  const { layers } = read(json).run;
  delete json.read_points;
  delete json.lenses;
  json.layers = layers;
  assert.deepEqual(read(json).run.layers, layers);
  assert.equal(read(json).run.lens, 'logit');
});

test('a file of two lenses is two results', () => {
  const json = fixture('capital.json');
  json.lenses.push('raw');
  json.readings = json.readings.flatMap((reading: any) => [reading, { ...reading, lens: 1, columns: { ...reading.columns, entropy: reading.columns.entropy.map(() => 7) } }]);
  json.trajectories.push(...json.trajectories.map((each: any) => ({ ...each, lens: 1 })));
  const [logit, raw] = readNative(json) as [Lens, Lens];
  assert.deepEqual([logit.run.lens, raw.run.lens], ['logit', 'raw']);
  assert.equal(raw.statistic('entropy', 3, 2), 7);
  assert.notEqual(logit.statistic('entropy', 3, 2), 7);
});

test('a lens has the layers for which it has maps, and is saved with what to know of it', async () => {
  const json = fixture('capital.json');
  const points = json.read_points.map((_: any, i: number) => i);
  const [gap, ...rest] = points;
  json.lenses.push('transport:fitted');
  json.coverage = [points, rest].map((read_points) => ({ read_points, decodes_last_block_as_model: true, skipped_positions: 16, warnings: ['w.'] }));
  json.readings.push(...json.readings.slice(1).map((reading: any) => ({ ...reading, lens: 1 })));
  json.trajectories.push(...json.trajectories.map((each: any) => ({ ...each, lens: 1, log_probs: each.log_probs.map((row: any) => row.slice(1)) })));
  const [logit, fitted] = readNative(json) as [Lens, Lens];
  assert.equal(gap, 0);
  assert.deepEqual(fitted.run.layers, logit.run.layers.slice(1));
  assert.deepEqual(fitted.prediction(0, 2, 0), logit.prediction(1, 2, 0));
  assert.throws(() => readNative({ ...json, readings: json.readings.slice(0, -1) }), /read points of lens 1, found/);
  const saved = JSON.parse(await nativeJson(fitted));
  assert.deepEqual(saved.coverage, [{ ...json.coverage[1], read_points: rest.map((_: number, i: number) => i) }]);
  assert.deepEqual(readNative(saved)[0]!.run, fitted.run);
});

test('unknown keys and the order of keys do not matter', async () => {
  const json = fixture('capital.json');
  const turned = Object.fromEntries([['new', { a: [1, null] }], ...Object.entries(json).reverse()]);
  turned['model'] = { ...json.model, new: true };
  assert.deepEqual(await again(turned), json);
});

test('a lens gives what the file says', () => {
  const json = fixture('capital.json');
  const lens = read(json);
  const { layers, positions, k } = lens.run;
  layers.forEach((_, l) => {
    positions.forEach((_, p) => {
      for (let place = 0; place < k; place++) {
        const { token, logProb } = lens.prediction(l, p, place);
        assert.equal(token.id, json.readings[l].ids[p][place]);
        assert.equal(token.text, json.vocab[token.id].text);
        assert.equal(logProb, Math.fround(json.readings[l].log_probs[p][place]));
      }
      assert.equal(lens.statistic('log-sum-exp', l, p), Math.fround(json.readings[l].columns['log-sum-exp'][p]));
      assert.equal(lens.statistic('entropy', l, p), Math.fround(json.readings[l].columns.entropy[p]));
      json.targets.forEach((_: any, m: number) => assert.equal(lens.targetRank(m, l, p), json.readings[l].ranks[p][m] ?? 0));
      json.trajectories[p].ids.forEach((id: number, row: number) => {
        assert.equal(lens.logProb(id, l, p), Math.fround(json.trajectories[p].log_probs[row][l]));
      });
    });
  });
  assert.ok(Number.isNaN(lens.statistic('kl-from-next', layers.length - 1, 0)), 'none at the last layer');
  assert.throws(() => lens.prediction(layers.length, 0, 0), RangeError);
  assert.throws(() => lens.prediction(0, positions.length, 0), RangeError);
  assert.throws(() => lens.token(3071), /3071 does not occur/);
});

const damages: readonly [string, RegExp, (json: any) => void][] = [
  ['another format', /\$\.format: "stratalens\/9" cannot be read/, (json) => (json.format = 'stratalens/9')],
  ['a missing key', /the key "vocab" is missing/, (json) => delete json.vocab],
  ['a wrong type', /\$\.model\.layers: expected an integer, found "many"/, (json) => (json.model.layers = 'many')],
  ['layers that do not ascend', /\$\.layers: not ascending/, (json) => (json.layers = [0, 0, 1])],
  ['read points that do not ascend', /\$\.read_points: not ascending/, (json) => (json.read_points[2].block = 0)],
  ['a site that the page cannot show', /\$\.read_points\[2\]\.site: "attention_heads" cannot be shown/, (json) => (json.read_points[2].site = 'attention_heads')],
  ['an attribution without logits', /\$\.attribution: the key "logits" is missing/, (json) => (json.attribution = { parts: [], heads: [], biases: [] })],
  ['no position', /\$\.positions: empty/, (json) => (json.positions = [])],
  ['a position behind the prompt', /there are only 6 tokens/, (json) => (json.positions = [0, 1, 2, 3, 4, 6])],
  ['too few layers', /\$\.readings: expected one for each of the 11 read points of lens 0, found 10/, (json) => json.readings.pop()],
  ['too few cells', /\$\.readings\[2\]\.columns\.entropy: expected 6 values, found 5/, (json) => json.readings[2].columns.entropy.pop()],
  ['a word among numbers', /\$\.readings\[1\]\.log_probs\[2\]\[3\]: expected a number, found "x"/, (json) => (json.readings[1].log_probs[2][3] = 'x')],
  ['half an id', /\$\.readings\[1\]\.ids\[2\]\[3\]: expected an integer, found 1.5/, (json) => (json.readings[1].ids[2][3] = 1.5)],
  ['an id without a text', /\$\.vocab: token id 3071 is used/, (json) => (json.readings[0].ids[0][0] = 3071)],
  ['a rank where no target is', /\$\.readings\[0\]\.ranks\[5\]\[0\]: a rank is 1 or more/, (json) => (json.readings[0].ranks[5][0] = 4)],
  ['a column without its numbers', /\$\.readings\[3\]\.columns: the key "entropy" is missing/, (json) => delete json.readings[3].columns.entropy],
  ['a position without trajectories', /\$\.trajectories: expected one element for each of 6/, (json) => json.trajectories.pop()],
];
for (const [what, message, damage] of damages) {
  test(`${what} is refused with its place`, () => {
    const json = fixture('capital.json');
    damage(json);
    assert.throws(() => read(json), { name: 'FileError', message });
  });
}

test('float32 is written in the shortest form that reads back', () => {
  assert.deepEqual([0.1, 1 / 3, 1e-7, 16777216, -0, 0, 1.5].map((value) => float32Text(Math.fround(value))), ['0.1', '0.33333334', '1e-7', '16777216', '-0', '0', '1.5']);
  assert.deepEqual([NaN, Infinity, -Infinity].map(float32Text), ['null', '"Infinity"', '"-Infinity"']);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let i = 0; i < 20_000; i++) {
    bits[0] = Math.imul(i + 1, 2654435761);
    const text = float32Text(value[0]!);
    if (Number.isFinite(value[0])) assert.equal(Math.fround(Number(text)), value[0]);
  }
});

test('V2 JSON is what the service writes', async () => {
  const written = JSON.parse(await v2Json(read(fixture('capital.json')), new Date('2026-01-02T03:04:05.678Z')));
  const expected = fixture('capital.v2.json');
  assert.equal(written.meta.timestamp, '2026-01-02T03:04:05Z');
  assert.deepEqual({ ...written, meta: 0, tracked: 0, ids: 0 }, { ...expected, meta: 0, tracked: 0, ids: 0 });
  for (const [p, curves] of expected.tracked.entries()) {
    for (const name of Object.keys(curves)) assert.deepEqual(written.tracked[p][name], curves[name]);
  }
});

test('V2 JSON comes back equal from the viewer, with and without ids', async () => {
  for (const ids of [true, false]) {
    const json = fixture('capital.v2.json');
    if (!ids) delete json.ids;
    const written = JSON.parse(await v2Json(readV2(json), new Date(json.meta.timestamp)));
    assert.deepEqual(written, { ids: {}, ...json });
  }
});

test('what V2 JSON does not say is absent', async () => {
  const lens = readV2({
    meta: { version: 2 },
    layers: [0, 5],
    input: ['a', '__proto__'],
    topk: [[['x'], ['12']], [['x'], ['__proto__']]],
    tracked: [{ x: [0.5, 1] }, JSON.parse('{"12": [0.25, 0], "__proto__": [0.00001, 0.5]}')],
  });
  assert.equal(lens.run.model.vocabularySize, undefined);
  assert.equal(lens.run.prompt, undefined);
  assert.equal(lens.outcome, undefined);
  assert.ok(Number.isNaN(lens.statistic('log-sum-exp', 0, 0)));
  assert.ok(lens.token(lens.prediction(0, 0, 0).token.id).id < 0, 'no id of a vocabulary');
  assert.equal(Math.exp(lens.prediction(0, 0, 0).logProb).toFixed(6), '0.500000');
  assert.equal(lens.prediction(0, 1, 0).token.text, '12');
  assert.equal(lens.prediction(1, 1, 0).token.text, '__proto__');
  await assert.rejects(nativeJson(lens), /came from V2 JSON/);
});

test('damaged V2 JSON is refused with its place', () => {
  const refuse = (message: RegExp, damage: (json: any) => void): void => {
    const json = fixture('capital.v2.json');
    damage(json);
    assert.throws(() => readV2(json), { name: 'FileError', message });
  };
  refuse(/\$\.meta\.version: expected 2, found 1/, (json) => (json.meta.version = 1));
  refuse(/\$\.topk: expected 10 elements, found 9/, (json) => json.topk.pop());
  refuse(/\$\.topk\[3\]\[2\]: expected 5 tokens, found 4/, (json) => json.topk[3][2].pop());
  refuse(/\$\.topk\[3\]\[2\]: expected an array of strings/, (json) => (json.topk[3][2][0] = 7));
  refuse(/\[2\]: expected a probability, found 1.5/, (json) => (Object.values<number[]>(json.tracked[0])[0]![2] = 1.5));
  refuse(/expected 10 probabilities, found 9/, (json) => Object.values<number[]>(json.tracked[0])[0]!.pop());
  refuse(/is the id of two strings/, (json) => (json.ids = { a: 1, b: 1 }));
});

test('V2 JSON is not written where trajectories are missing', async () => {
  const json = fixture('capital.json');
  json.run.omitted_trajectories = 3;
  await assert.rejects(v2Json(read(json), new Date()), /3 were left out/);
  delete json.trajectories;
  await assert.rejects(v2Json(read(json), new Date()), /has none/);
});

test('a file says what it is, and other files are refused with a remedy', async () => {
  assert.equal((await openText(JSON.stringify(fixture('capital.json'))))[0]!.run.k, 5);
  assert.equal((await openText(JSON.stringify(fixture('capital.v2.json'))))[0]!.run.layers.length, 10);
  await assert.rejects(openText('{"a": 1}'), /neither a result .* choose a file/);
  await assert.rejects(openText('{"a": '), /it is not JSON/);
  await assert.rejects(openText('{"id":"1","request":"0","result":{}}\n{"id":"2"}\n'), /results of many prompts/);
});
