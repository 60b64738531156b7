import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatheredLens, OWN_ANSWER } from '../../src/lens/gathered-lens.js';
import { WrittenLens } from '../support/written-lens.js';

const WORDS = ['a', 'b', 'c'];
const first = new WrittenLens({ words: WORDS, probabilities: [[[1, 0, 0], [1, 0, 0]], [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]]], tracked: [[0], [0, 1, 2]] });
const second = new WrittenLens({ words: WORDS, probabilities: [[[0.2, 0.2, 0.6], [0.05, 0.05, 0.9]]], tracked: [[0, 1, 2]] });

test('the last positions of several results are the positions of one', () => {
  const lens = new GatheredLens([{ name: 'one', lens: first }, { name: 'two', lens: second }]);
  assert.deepEqual(lens.run.positions, [0, 1]);
  assert.deepEqual(lens.run.tokens.map(({ text }) => text), ['one', 'two']);
  assert.deepEqual(lens.run.finalTops.map(({ token }) => token.text), ['b', 'c']);
  assert.equal(lens.prediction(0, 0, 0).token.text, 'a');
  assert.equal(lens.prediction(1, 1, 0).token.text, 'c');
  const own = [0, 1].map((p) => Math.exp(lens.logProb(OWN_ANSWER, 0, p)!).toFixed(2));
  assert.deepEqual(own, ['0.30', '0.60'], 'each its own answer');
  assert.equal(lens.token(1).text, 'b');
  assert.throws(() => lens.prediction(0, 2, 0), RangeError);
});
