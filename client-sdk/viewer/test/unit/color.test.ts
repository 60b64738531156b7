import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloring } from '../../src/color/coloring.js';
import { modesOf } from '../../src/color/modes.js';
import { contrast, Scale } from '../../src/color/scale.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import type { ViewState } from '../../src/state/view-state.js';
import { MADE_UP } from '../support/statistics.js';
import { SyntheticLens } from '../support/synthetic-lens.js';

const lens = new SyntheticLens({ layers: 6 });

function colored(change: Partial<ViewState>) {
  return coloring(lens, { ...DEFAULT_VIEW, ...change });
}

for (const [name, scale, sign] of [['light', Scale.light, 1], ['dark', Scale.dark, -1]] as const) {
  test(`text can be read on every color of the ${name} scale`, () => {
    for (let level = 0; level <= 1; level += 0.005) {
      const { background, text } = scale.at(level);
      assert.ok(contrast(background, text) >= 4.5, `${background} at ${level}`);
    }
  });

  test(`lightness changes one way along the ${name} scale, so that it reads without hues`, () => {
    const lightness = scale.backgrounds(33).map((color) => sign * contrast(color, '#000000'));
    lightness.slice(1).forEach((value, i) => assert.ok(value < lightness[i]!, `step ${i}`));
  });
}

test('levels beyond the scale wear its ends', () => {
  assert.equal(Scale.light.at(-3), Scale.light.at(0));
  assert.equal(Scale.light.at(7), Scale.light.at(1));
});

test('the best token is colored by its probability', () => {
  const { logProb } = lens.prediction(4, 2, 0);
  assert.equal(colored({}).level(4, 2), Math.exp(logProb));
  assert.deepEqual(colored({}).ticks.map((tick) => tick.label), ['0 %', '50 %', '100 %']);
});

test('ranks are colored by decades, 1 strongest, with the threshold on the legend', () => {
  const ranks = colored({ color: 'rank', rankThreshold: 100 });
  assert.equal(ranks.level(5, 0), 1);
  const [one, ten, hundred] = ranks.ticks.map((tick) => tick.level) as [number, number, number];
  assert.ok(Math.abs(one - ten - (ten - hundred)) < 1e-12);
  assert.equal(ranks.threshold?.level, hundred);
  assert.equal(ranks.threshold?.label, '100');
});

test('a position without the target has no color', () => {
  const last = lens.run.positions.length - 1;
  assert.equal(colored({ color: 'rank', target: 1 }).level(0, last), undefined);
  assert.equal(colored({ color: 'targetProbability', target: 1 }).level(0, last), undefined);
  assert.equal(colored({ color: 'targetProbability', target: 1 }).value(0, last), undefined);
});

test('a token of which a cell says nothing has no color there, which is not that of 0', () => {
  const absent = lens.prediction(0, 0, 4).token.id + 1;
  assert.equal(colored({ color: 'token', colorToken: absent }).level(0, 0), undefined);
  const best = lens.prediction(0, 0, 0);
  assert.equal(colored({ color: 'token', colorToken: best.token.id }).level(0, 0), Math.exp(best.logProb));
  assert.equal(colored({ color: 'token' }).level(0, 0), undefined);
});

test('a token of another result is named by its id', () => {
  assert.equal(colored({ color: 'token', colorToken: 40000 }).name, 'Probability of token 40000');
});

test('statistics are colored where they are numbers, the surer end strongest', () => {
  assert.equal(colored({ color: 'kl-from-final' }).level(5, 0), 1);
  assert.equal(colored({ color: 'kl-from-next' }).level(5, 0), undefined);
  assert.equal(colored({ color: 'entropy' }).level(5, 0), 1);
  assert.ok(colored({ color: 'entropy' }).level(0, 0)! < 0.5);
});

test('a statistic that the page never heard of has the scale that its description gives', () => {
  const run = { ...lens.run, statistics: [MADE_UP] };
  const with2 = Object.create(lens, { run: { value: run }, statistic: { value: () => 2 } }) as SyntheticLens;
  assert.ok(modesOf(run).includes('made-up'));
  const made = coloring(with2, { ...DEFAULT_VIEW, color: 'made-up' });
  assert.equal(made.name, 'Made-up lead, bits');
  assert.equal(made.level(0, 0), 2 / 8);
  assert.deepEqual(made.ticks, [{ level: 0, label: '0' }, { level: 0.5, label: '4' }, { level: 1, label: '8' }]);
});

test('a statistic without a smallest value has no scale, and is no choice', () => {
  assert.ok(!modesOf(lens.run).includes('log-sum-exp'));
});

test('agreement has two colors and no scale', () => {
  const agreement = colored({ color: 'agreement' });
  assert.equal(agreement.value(5, 0), 'the final token');
  assert.ok(agreement.discrete);
  assert.equal(agreement.ticks.length, 2);
});

test('only what a result has numbers for is offered, and a view that asks for more shows the best token', () => {
  const bare = new SyntheticLens({ layers: 6 });
  const run = { ...bare.run, statistics: [], targets: [] };
  assert.deepEqual(modesOf(run), ['top', 'token', 'agreement']);
  const without = Object.create(bare, { run: { value: run } }) as SyntheticLens;
  for (const color of ['rank', 'entropy'] as const) {
    assert.equal(coloring(without, { ...DEFAULT_VIEW, color }).name, 'Probability of the best token');
  }
});
