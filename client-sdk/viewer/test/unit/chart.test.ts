import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedPositions, curve, hoverCurve } from '../../src/chart/curve.js';
import { dottedLayers, frame, labeledLayers, pathOf } from '../../src/chart/frame.js';
import { model } from '../../src/chart/model.js';
import { axisOf, describedIn, quantitiesOf, resolutionOf, scaleFor, tickLabel } from '../../src/chart/quantity.js';
import { linearScale, logScale, roundStep } from '../../src/chart/scale.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { SyntheticLens } from '../support/synthetic-lens.js';
import { WrittenLens } from '../support/written-lens.js';

// Three layers, two positions, four tokens; two predictions a cell.
const PROBABILITIES = [
  [[0.5, 0.3, 0.15, 0.05], [0.2, 0.6, 0.15, 0.05], [0.1, 0.2, 0.3, 0.4]],
  [[0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]],
];
const WORDS = [' a', ' b', ' c', ' d'];
const pin = (...ids: number[]) => ({ kind: 'pin', place: 0, ids, color: 0 }) as const;
const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(6)));

test('a token that is not in the top k has a gap there, never 0', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES });
  const { values, gaps } = curve(lens, 'probability', pin(0), 0);
  assert.deepEqual(rounded(values), [0.5, 0.2, Number.NaN]);
  assert.equal(gaps, 1);
});

test('a group sums probabilities, in logarithms too, and has a gap where one of them is not known', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES, tracked: [[0, 1, 2], []] });
  assert.deepEqual(rounded(curve(lens, 'probability', pin(0, 2), 0).values), [0.65, 0.35, 0.4]);
  assert.deepEqual(rounded(curve(lens, 'logProb', pin(0, 2), 0).values), [0.65, 0.35, 0.4].map((p) => Number(Math.log(p).toFixed(6))));
  assert.deepEqual(rounded(curve(lens, 'probability', pin(0, 3), 0).values), [Number.NaN, Number.NaN, 0.5]);
});

test('a token without any probability is drawn at 0 where that is known', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: [[[1, 0, 0, 0]]], tracked: [[2, 3]] });
  assert.deepEqual([...curve(lens, 'probability', pin(2, 3), 0).values], [0]);
  assert.deepEqual([...curve(lens, 'logProb', pin(2, 3), 0).values], [-Infinity]);
});

test('a rank is known of targets and of the top k, and of a group by its best', () => {
  const targets = [{ kind: 'next_token', text: undefined, tokenIds: [], ids: [2, undefined] }] as const;
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES, targets });
  assert.deepEqual([...curve(lens, 'rank', { kind: 'target', place: 0 }, 0).values], [3, 3, 2]);
  assert.deepEqual([...curve(lens, 'rank', { kind: 'target', place: 0 }, 1).values], [Number.NaN, Number.NaN, Number.NaN]);
  assert.deepEqual([...curve(lens, 'rank', pin(2), 0).values], [3, 3, 2], 'a pin that is a target');
  assert.deepEqual([...curve(lens, 'rank', pin(0), 0).values], [1, 2, Number.NaN]);
  assert.deepEqual([...curve(lens, 'rank', pin(0, 3), 0).values], [1, 2, 1]);
  assert.deepEqual([...curve(lens, 'rank', pin(2, 3), 0).values], [Number.NaN, Number.NaN, 1], 'an unknown one might be better than 3');
});

test('layers that have not arrived have no values and are no gaps', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES, tracked: [[0], [0]] });
  lens.grow(2);
  const { values, gaps } = curve(lens, 'probability', pin(0), 0);
  assert.deepEqual(rounded(values), [0.5, 0.2, Number.NaN]);
  assert.equal(gaps, 0);
});

test('a model has a row for each pin, a curve for each compared position, and names what has to be loaded', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES, statistics: { entropy: (l, p) => l + p } }, false);
  const view = { ...DEFAULT_VIEW, positions: [1, 0, 7], pins: [{ ids: [1], color: 4 }] };
  const { described, ...empty } = model(lens, view);
  assert.equal(described.name, 'Probability');
  assert.deepEqual(empty, { quantity: 'probability', positions: [], rows: [{ subject: { ...pin(1), color: 4 }, curves: [] }], missing: [1, 0] });
  void lens.load(0, 2);
  assert.deepEqual(model(lens, view).rows[0]!.curves.map(({ p }) => p), [1, 0]);
  const entropy = model(lens, { ...view, chartQuantity: 'entropy' });
  assert.deepEqual(entropy.rows.map(({ curves }) => curves.map(({ values }) => [...values])), [[[1, 2, 3], [0, 1, 2]]]);
  assert.equal(model(lens, { ...view, chartQuantity: 'kl-from-next' }).quantity, 'probability', 'which this result has');
  assert.deepEqual(quantitiesOf(lens), ['probability', 'logProb', 'rank', 'entropy']);
});

test('the chart shows the position of the selected cell first, then the compared ones', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES });
  assert.deepEqual(comparedPositions(lens, { positions: [], selected: undefined }), [1]);
  assert.deepEqual(comparedPositions(lens, { positions: [], selected: { layer: 0, position: 0 } }), [0]);
  assert.deepEqual(comparedPositions(lens, { positions: [9], selected: { layer: 0, position: 8 } }), [1]);
  assert.deepEqual(comparedPositions(lens, { positions: [1, 1, 0], selected: undefined }), [1, 0]);
  assert.deepEqual(comparedPositions(lens, { positions: [1, 0], selected: { layer: 0, position: 0 } }), [0, 1]);
});

test('a hovered cell shows the trajectory of its best token', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: PROBABILITIES, tracked: [[0, 1, 2, 3], []] });
  assert.deepEqual(rounded(hoverCurve(lens, 'probability', 2, 0).values), [0.05, 0.05, 0.4]);
});

test('axes have round ticks that hold all values', () => {
  assert.deepEqual(linearScale(0, 0.34, 4).ticks, [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(linearScale(-11.3, 0, 4).ticks, [-15, -10, -5, 0]);
  assert.deepEqual(logScale(0.002, 0.7, 5).ticks, [0.001, 0.01, 0.1, 1]);
  assert.deepEqual(logScale(2, 7, 5).ticks, [1, 10, 2, 5]);
  assert.equal(logScale(0.01, 1, 5).at(0), 0, 'what is too small lies on the bottom');
  assert.equal(logScale(0.01, 1, 5).at(0.1), 0.5);
  assert.deepEqual([0.3, 0.04, 7, 10, 1.0000000001].map(roundStep), [0.5, 0.05, 10, 10, 1]);
});

test('every finite value has its place on the axis, whatever the quantity', () => {
  const cases = [
    ['probability', [1e-9, 0, 0.4, 1]], ['probability', [1e-30]], ['probability', [0]], ['logProb', [-40, -0.001, -Infinity]],
    ['rank', [1, 50_000]], ['rank', [1]], ['rank', []], ['entropy', [0, 0]], ['kl-from-final', [1e-7, 12, 0]], ['kl-from-next', [Number.NaN]], ['log-sum-exp', [-3, 20]],
  ] as const;
  for (const [quantity, values] of cases) {
    for (const axis of ['linear', 'log'] as const) {
      const scale = scaleFor(quantity, axisOf(describedIn(new SyntheticLens().run, quantity), axis), values, 5);
      for (const value of values.filter(Number.isFinite)) {
        const at = scale.at(value);
        assert.ok(at >= -1e-9 && at <= 1 + 1e-9, `${quantity} ${axis} ${value} at ${at}`);
      }
      assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 9, `${quantity} ${axis}: ${scale.ticks}`);
    }
  }
  assert.ok(scaleFor('probability', 'linear', [1e-6, 9e-7], 5).at(1e-6) < 0.01, 'a millionth is no rise');
  assert.ok(scaleFor('rank', 'log', [1, 100], 5).at(1) > scaleFor('rank', 'log', [1, 100], 5).at(100), 'the best rank is on top');
});

test('a logarithmic axis ends at the resolution of its numbers', () => {
  const { run } = new SyntheticLens();
  const compact = { ...run, numberForm: 'compact' };
  assert.ok(resolutionOf(compact, 'kl-from-final') > resolutionOf({ ...run, numberForm: 'exact' }, 'kl-from-final'));
  assert.equal(resolutionOf({ ...run, model: { ...run.model, vocabularySize: undefined } }, 'probability'), 1e-5);
  const scale = scaleFor('kl-from-final', 'log', [12, 1e-7], 5, resolutionOf(compact, 'kl-from-final'));
  assert.equal(scale.ticks.find((tick) => tick < 1e-4), undefined);
  assert.ok(scaleFor('kl-from-final', 'log', [1e-7], 5, 1e-4).ticks.every((tick) => tick <= 1e-6), 'small numbers alone still have an axis');
});

test('ticks are short texts', () => {
  assert.equal(tickLabel('probability', 0.25), '25 %');
  assert.equal(tickLabel('probability', 1e-7), '1e−7');
  assert.equal(tickLabel('logProb', -10), '−10');
  assert.equal(tickLabel('rank', 10_000), '10\u202f000');
});

test('a path has a gap where a value is not known, and a lonely value a dot', () => {
  const lens = new WrittenLens({ words: WORDS, probabilities: [Array.from({ length: 5 }, () => [0.5, 0.5])] });
  const drawn = frame(lens.run, undefined, { at: (value) => value, ticks: [] }, { width: 58 + 14 + 40, height: 32 + 40 + 100 });
  const values = [1, 0.5, Number.NaN, 0, Number.NaN];
  assert.equal(pathOf(values, drawn), 'M58.0 32.0L68.0 82.0M88.0 132.0');
  assert.deepEqual(dottedLayers(values, drawn), [3]);
  assert.equal(drawn.layerAt(73.1), 2);
});

test('layer labels keep apart and never lose the last', () => {
  const layers = [-1, ...Array.from({ length: 80 }, (_, l) => l)];
  const x = (l: number) => l * 10;
  const labeled = labeledLayers(layers, { drawn: layers.map((_, l) => l), first: 0, last: 80, x } as never, 30);
  assert.equal(layers[labeled.at(-1)!], 79);
  assert.ok(labeled.every((l, at) => at === 0 || x(l) - x(labeled[at - 1]!) >= 30), String(labeled));
});
