import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { float32Text } from '../../src/file/float32-text.js';
import { nativeJson } from '../../src/file/native-writer.js';
import { readNative } from '../../src/file/native-reader.js';
import { openText } from '../../src/file/open.js';
import { readV2 } from '../../src/file/v2-reader.js';
import { v2Json } from '../../src/file/v2-writer.js';

// Results of the demo model, written by `stratalens analyze`; test/fixtures/README.md has the commands.
const fixture = (name: string): any => JSON.parse(readFileSync(`test/fixtures/${name}`, 'utf8'));
const again = async (json: unknown): Promise<unknown> => JSON.parse(await nativeJson(readNative(json)));

for (const name of ['capital.json', 'exact.json']) {
  test(`${name} comes back equal from the viewer`, async () => {
    assert.deepEqual(await again(fixture(name)), fixture(name));
  });
}

test('what is rare in native JSON comes back equal, too', async () => {
  const json = fixture('exact.json');
  json.prompt = '</script><b>"\u2028\u202e\u200b\ud83d\ude00';
  json.vocab['0'].text = json.prompt;
  json.stats.log_sum_exp[0][0] = 'Infinity';
  json.stats.log_sum_exp[0][1] = '-Infinity';
  json.tracked[0].log_probs[0][0] = '-Infinity';
  json.stats.entropy = json.stats.log_sum_exp.map((row: number[]) => row.map(() => null));
  json.timings.lens_ms = null;
  json.lens = { kind: 'tuned', skip_final_norm: true, approximate: true };
  assert.deepEqual(await again(json), json);
});

test('without a prompt, ranges, targets and trajectories nothing is invented', async () => {
  const json = fixture('capital.json');
  for (const key of ['prompt', 'tracked', 'tracked_encoding']) delete json[key];
  json.tokens.forEach((token: Record<string, unknown>) => {
    delete token['start'];
    delete token['end'];
  });
  json.targets = [];
  assert.deepEqual(await again(json), json);
  const lens = readNative(json);
  assert.equal(lens.run.prompt, undefined);
  assert.equal(lens.tracked(0).length, 0);
  const { token, logProb } = lens.prediction(3, 2, 4);
  assert.equal(lens.logProb(token.id, 3, 2), logProb);
  const other = [...lens.vocabulary()].find(({ id }) => ![0, 1, 2, 3, 4].some((place) => lens.prediction(3, 2, place).token.id === id))!;
  assert.equal(lens.logProb(other.id, 3, 2), undefined);
});

test('unknown keys and the order of keys do not matter', async () => {
  const json = fixture('capital.json');
  const turned = Object.fromEntries([['new', { a: [1, null] }], ...Object.entries(json).reverse()]);
  turned['top_k'] = { ...json.top_k, new: true };
  assert.deepEqual(await again(turned), json);
});

test('a lens gives what the file says', () => {
  const json = fixture('capital.json');
  const lens = readNative(json);
  const { layers, positions, k } = lens.run;
  layers.forEach((_, l) => {
    positions.forEach((_, p) => {
      for (let place = 0; place < k; place++) {
        const { token, logProb } = lens.prediction(l, p, place);
        assert.equal(token.id, json.top_k.ids[l][p][place]);
        assert.equal(token.text, json.vocab[token.id].text);
        assert.equal(logProb, Math.fround(json.top_k.log_probs[l][p][place]));
      }
      assert.equal(lens.logSumExp(l, p), Math.fround(json.stats.log_sum_exp[l][p]));
      assert.equal(lens.statistic('entropy', l, p), Math.fround(json.stats.entropy[l][p]));
      json.targets.forEach((target: any, m: number) => assert.equal(lens.targetRank(m, l, p), target.rank[l][p] ?? 0));
      json.tracked[p].ids.forEach((id: number, row: number) => {
        assert.ok(Math.abs(Math.exp(lens.logProb(id, l, p)!) - json.tracked[p].ppm[l][row] / 1e6) < 1e-12);
      });
    });
  });
  assert.ok(Number.isNaN(lens.statistic('klFromNext', layers.length - 1, 0)), 'none at the last layer');
  assert.throws(() => lens.prediction(layers.length, 0, 0), RangeError);
  assert.throws(() => lens.prediction(0, positions.length, 0), RangeError);
  assert.throws(() => lens.token(3071), /3071 does not occur/);
});

const damages: readonly [string, RegExp, (json: any) => void][] = [
  ['another format', /\$\.format: "stratalens\/9" is no format/, (json) => (json.format = 'stratalens/9')],
  ['a missing key', /the key "vocab" is missing/, (json) => delete json.vocab],
  ['a wrong type', /\$\.model\.layers: expected an integer, found "many"/, (json) => (json.model.layers = 'many')],
  ['layers that do not ascend', /\$\.layers: not ascending/, (json) => (json.layers = [0, 0, 1])],
  ['no position', /\$\.positions: empty/, (json) => (json.positions = [])],
  ['a position behind the prompt', /there are only 6 tokens/, (json) => (json.positions = [0, 1, 2, 3, 4, 6])],
  ['too few layers', /\$\.top_k\.ids: expected 11 values, found 10/, (json) => json.top_k.ids.pop()],
  ['too few cells', /\$\.stats\.entropy\[2\]: expected 6 values, found 5/, (json) => json.stats.entropy[2].pop()],
  ['a word among numbers', /\$\.top_k\.log_probs\[1\]\[2\]\[3\]: expected a number, found "x"/, (json) => (json.top_k.log_probs[1][2][3] = 'x')],
  ['half an id', /\$\.top_k\.ids\[1\]\[2\]\[3\]: expected an integer, found 1.5/, (json) => (json.top_k.ids[1][2][3] = 1.5)],
  ['an id without a text', /\$\.vocab: token id 3071 is used/, (json) => (json.top_k.ids[0][0][0] = 3071)],
  ['a rank where no target is', /\$\.targets\[0\]\.rank: a rank is 1 or more/, (json) => (json.targets[0].rank[0][5] = 4)],
  ['an impossible probability', /\$\.tracked\[0\]\.ppm: 1000001 is outside/, (json) => (json.tracked[0].ppm[0][0] = 1000001)],
  ['a position without trajectories', /\$\.tracked: expected one element for each of 6/, (json) => json.tracked.pop()],
];
for (const [what, message, damage] of damages) {
  test(`${what} is refused with its place`, () => {
    const json = fixture('capital.json');
    damage(json);
    assert.throws(() => readNative(json), { name: 'FileError', message });
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
  const written = JSON.parse(await v2Json(readNative(fixture('capital.json')), new Date('2026-01-02T03:04:05.678Z')));
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
  assert.ok(Number.isNaN(lens.logSumExp(0, 0)));
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
  await assert.rejects(v2Json(readNative(json), new Date()), /3 were left out/);
  delete json.tracked_encoding;
  await assert.rejects(v2Json(readNative(json), new Date()), /has none/);
});

test('a file says what it is, and what is no result is refused with a remedy', async () => {
  assert.equal((await openText(JSON.stringify(fixture('capital.json'))))[0]!.run.k, 5);
  assert.equal((await openText(JSON.stringify(fixture('capital.v2.json'))))[0]!.run.layers.length, 10);
  await assert.rejects(openText('{"a": 1}'), /neither a result .* choose a file/);
  await assert.rejects(openText('{"a": '), /it is no JSON/);
  await assert.rejects(openText('{"id":"1","request":"0","result":{}}\n{"id":"2"}\n'), /results of many prompts/);
});
