import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { commonTokens } from '../../src/pair/common-tokens.js';
import { differenceColoring } from '../../src/pair/difference-coloring.js';
import { DifferenceLens, DISTANCE } from '../../src/pair/difference-lens.js';
import { forth, pairOf, swapped } from '../../src/pair/pair.js';
import { parting } from '../../src/pair/parting.js';
import { WrittenLens, type Written } from '../support/written-lens.js';

const words = (text: string) => text.split(' ');

test('tokens are paired along those that both texts share, and what was replaced from its end', () => {
  assert.deepEqual(commonTokens(words('B The capital of France is'), words('B F ran ce : its capital is')), [[0, 0], [1, 5], [2, 6], [5, 7]]);
  assert.deepEqual(commonTokens(words('a x y z b'), words('a q b')), [[0, 0], [3, 1], [4, 2]]);
  assert.deepEqual(commonTokens([], words('a')), []);
  const [one, other] = [words('a b c a b'), words('b a c b a a')];
  assert.deepEqual(commonTokens(one, other).map(([a, b]) => [b, a]), commonTokens(other, one), 'swapped texts have the same pairs');
});

/** Two positions, two layers, four words: the second layer of the last position differs. */
const EVEN = [0.25, 0.25, 0.25, 0.25];
const one: Written = { words: ['a', 'b', 'c', 'd'], k: 4, probabilities: [[EVEN, EVEN], [[0.7, 0.1, 0.1, 0.1], [0.9, 0.05, 0.03, 0.02]]], statistics: { entropy: (l) => 1 + l } };
const other: Written = { ...one, probabilities: [[EVEN, EVEN], [[0.7, 0.1, 0.1, 0.1], [0.1, 0.8, 0.05, 0.05]]], statistics: { entropy: (l) => 3 - l } };

function difference(a = one, b = other): DifferenceLens {
  return new DifferenceLens(pairOf(new WrittenLens(a), new WrittenLens(b)));
}

test('where all is known, the distance is the total variation', () => {
  const lens = difference();
  assert.ok(lens.statistic(DISTANCE.name, 0, 1) < 1e-5);
  assert.ok(Math.abs(lens.statistic(DISTANCE.name, 1, 1) - 0.8) < 1e-5);
});

test('what is not known makes the distance no larger', () => {
  const few = difference({ ...one, k: 1 }, { ...other, k: 1 });
  const known = few.statistic(DISTANCE.name, 1, 1);
  assert.ok(known > 0.6 && known <= 0.8, String(known)); // at most 0.1 of B is on A's best, at most 0.1 of A on B's
  const same = difference({ ...one, k: 1 }, { ...one, k: 2 });
  assert.ok(same.statistic(DISTANCE.name, 1, 1) < 1e-5);
});

test('a position parts where the distributions do, and the best tokens of both are named', () => {
  const lens = difference();
  const { apart, otherBest, farthest, distance } = parting(lens, 1);
  assert.deepEqual([apart, otherBest, farthest], [1, 1, 1]);
  assert.ok(distance > 0.79);
  assert.equal(parting(lens, 0).apart, undefined);
  assert.equal(lens.word(1, 1), 'a|b');
  assert.equal(lens.word(0, 1), 'a');
  assert.deepEqual([0, 1].map((place) => lens.token(lens.prediction(1, 1, place).token.id).text), ['A:a', 'B:b']);
});

test('the colors of a difference are those of the number that both maps show', () => {
  const lens = difference();
  const view = { ...DEFAULT_VIEW, color: 'entropy' as const };
  const colors = differenceColoring(lens, view, view);
  assert.equal(colors.ramp, 'diverging');
  assert.equal(colors.value(0, 0), '+2.00');
  assert.equal(colors.value(1, 0), '0.00');
  assert.equal(colors.level(1, 0), 0.5);
  assert.ok(colors.level(0, 0)! > 0.5);
  const best = differenceColoring(lens, DEFAULT_VIEW, DEFAULT_VIEW);
  assert.match(best.name, /^Total variation/);
  assert.equal(best.value(1, 1), '0.80');
  assert.equal(best.word(1, 1), 'a|b');
});

test('layers of models of different depth meet at the same part of it, and the last ones at the end', () => {
  const deep = (layers: readonly number[]): Written => ({ words: ['a', 'b'], layers, probabilities: [layers.map(() => [0.6, 0.4])] });
  const pair = pairOf(new WrittenLens(deep([-1, 0, 1, 2, 3])), new WrittenLens(deep([-1, 0, 1])));
  assert.deepEqual(pair.layers, [[0, 0], [2, 1], [4, 2]]);
  assert.deepEqual(forth(pair, { layer: 3, position: 0 }), { layer: 1, position: 0 });
  assert.equal(forth(pair, { layer: 0, position: 0 }), undefined);
  assert.deepEqual(forth(swapped(pair), { layer: 0, position: 0 }), { layer: 1, position: 0 });
});

test('a difference grows as far as both results have come', () => {
  const [a, b] = [new WrittenLens(one), new WrittenLens(other)];
  a.layersReady = 1;
  const lens = new DifferenceLens(pairOf(a, b));
  assert.equal(lens.layersReady, 1);
  let told = 0;
  const end = lens.onGrowth(() => told++);
  a.grow(2);
  assert.equal(lens.layersReady, 2);
  assert.equal(told, 1);
  end();
});
