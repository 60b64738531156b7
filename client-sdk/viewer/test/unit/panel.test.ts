import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crystallization, firstAppearance, firstRankWithin, largestChange } from '../../src/lens/milestones.js';
import { shortText, tokensName } from '../../src/lens/names.js';
import { queryOf } from '../../src/panel/query.js';
import { nextHit, search, type Found } from '../../src/panel/search.js';
import { layerStep, positionStep } from '../../src/panel/step.js';
import { filtered, peaks } from '../../src/panel/tracked.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { WrittenLens, type Written } from '../support/written-lens.js';

const WORDS = [' Paris', ' paris', 'is', '\t'];
const SURE = (id: number, p = 0.7) => WORDS.map((_, other) => (other === id ? p : (1 - p) / 3));
const DATA: Written = {
  words: WORDS,
  layers: [-1, 0, 1, 2, 3],
  probabilities: [
    [SURE(0), SURE(1), SURE(0), SURE(2), SURE(0)],
    [SURE(3), SURE(2), SURE(2, 0.71), SURE(2, 0.8), SURE(2, 0.9)],
  ],
  tracked: [[0, 1, 2], [2]],
  targets: [{ kind: 'final_top', text: undefined, tokenIds: [], ids: [0, 2] }],
};
const lens = new WrittenLens(DATA);
const token = (text: string, id = 1) => ({ id, raw: text, text });

test('milestones count blocks, not the embedding', () => {
  assert.equal(firstAppearance(lens, 0), 2, 'the embedding predicts it too, and does not count');
  assert.equal(crystallization(lens, 0), 4);
  assert.equal(crystallization(lens, 1), 1);
  assert.equal(firstRankWithin(lens, 0, 1, 0), 2);
  assert.equal(firstRankWithin(lens, 0, 4, 0), 1);
  assert.equal(firstRankWithin(lens, 5, 4, 0), undefined, 'no such target');
});

test('crystallization is not known before the last layer is here', () => {
  const growing = new WrittenLens(DATA);
  growing.grow(4);
  assert.equal(crystallization(growing, 1), undefined);
  assert.equal(firstAppearance(growing, 1), 1);
});

test('the largest change is the KL step where the result has it, else the move of the best tokens', () => {
  assert.equal(largestChange(lens, 1), 1);
  const stepped = new WrittenLens({ ...DATA, statistics: { 'kl-from-next': (l) => [0.1, 0.2, 3, 0.4, Number.NaN][l]! } });
  assert.equal(largestChange(stepped, 1), 3, 'the layer after the step');
});

test('a query is a part of a text, a whole text in quotes, or an id', () => {
  const asks = (typed: string, text: string, caseMatters = false) => queryOf(typed, caseMatters)?.(token(text));
  assert.equal(asks('par', ' Paris'), true);
  assert.equal(asks('par', ' Paris', true), false);
  assert.equal(asks('·Par', ' Paris'), true, 'as it is shown');
  assert.equal(asks(' is', ' Paris'), false);
  assert.equal(asks('"is"', 'is'), true);
  assert.equal(asks('"is"', ' is'), false);
  assert.equal(asks('" is"', ' is'), true);
  assert.equal(asks('→', '\t'), true);
  assert.equal(queryOf('id: 7', false)?.(token('x', 7)), true);
  assert.equal(queryOf('id:7', false)?.(token('id:7', 8)), false);
  assert.equal(queryOf('   ', false), undefined);
  assert.equal(queryOf('', false), undefined);
});

test('a search loads columns as it goes, and finds by position and layer', async () => {
  const fresh = new WrittenLens(DATA, false);
  const told: Found[] = [];
  await search(fresh, queryOf('"is"', false)!, 1, (found) => told.push(found), new AbortController().signal);
  assert.deepEqual(told.at(-1), {
    cells: [{ layer: 2, position: 0 }, { layer: 0, position: 1 }, { layer: 1, position: 1 }, { layer: 2, position: 1 }, { layer: 3, position: 1 }],
    searched: 2,
  });
  assert.deepEqual(fresh.loads, [[0, 2]]);
});

test('a search looks as deep as it is asked, and no deeper than the top k', async () => {
  let found: Found | undefined;
  const signal = new AbortController().signal;
  await search(lens, queryOf('id:1', false)!, 9, (now) => (found = now), signal);
  assert.ok(found!.cells.some(({ layer, position }) => layer === 0 && position === 0));
  const deep = found!.cells.length;
  await search(lens, queryOf('id:1', false)!, 1, (now) => (found = now), signal);
  assert.equal(found!.cells.length, 1);
  assert.ok(deep > 1);
});

test('an aborted search falls silent, and damage is passed on', async () => {
  const end = new AbortController();
  end.abort();
  await search(lens, () => true, 1, () => assert.fail('said something'), end.signal);
  const damaged = new WrittenLens(DATA, false);
  damaged.load = () => Promise.reject(new Error('page 1 is damaged'));
  await assert.rejects(search(damaged, () => true, 1, () => {}, new AbortController().signal), /damaged/);
});

test('the next match is after the selected cell, round the end', () => {
  const cells = [{ layer: 2, position: 0 }, { layer: 0, position: 1 }, { layer: 3, position: 1 }];
  assert.equal(nextHit(cells, undefined, 1), 0);
  assert.equal(nextHit(cells, undefined, -1), 2);
  assert.equal(nextHit(cells, { layer: 0, position: 1 }, 1), 2);
  assert.equal(nextHit(cells, { layer: 1, position: 1 }, -1), 1);
  assert.equal(nextHit(cells, { layer: 3, position: 1 }, 1), 0);
  assert.equal(nextHit(cells, { layer: 0, position: 0 }, -1), 2);
  assert.equal(nextHit([], undefined, 1), -1);
});

test('followed tokens are sorted by their peak, and filtered by text or id', () => {
  const all = peaks(lens, 0);
  assert.deepEqual(all.map(({ id, l }) => [id, l]), [[0, 0], [1, 1], [2, 3]]);
  assert.deepEqual(filtered(all, 'PAR').map(({ id }) => id), [0, 1]);
  assert.deepEqual(filtered(all, '2').map(({ id }) => id), [2]);
  assert.equal(filtered(all, '').length, 3);
});

test('steps lead over the rows that are shown, and end at the edge', () => {
  const view = { ...DEFAULT_VIEW, stride: 2 };
  const cell = { layer: 1, position: 0 };
  assert.deepEqual(layerStep(lens.run, view, cell, 1), { layer: 3, position: 0 });
  assert.deepEqual(layerStep(lens.run, view, { layer: 0, position: 0 }, -1), { layer: -1, position: 0 });
  assert.equal(layerStep(lens.run, view, { layer: 3, position: 0 }, 1), undefined);
  assert.deepEqual(positionStep(lens.run, cell, 1), { layer: 1, position: 1 });
  assert.equal(positionStep(lens.run, cell, -1), undefined);
});

test('names are visible, short, and survive ids that the result does not mention', () => {
  assert.equal(tokensName(lens, [0, 3, 77]), '·Paris + → + id 77');
  assert.equal(shortText('a'.repeat(10_000)), `${'a'.repeat(40)}…`);
  assert.equal(shortText('\u202eabc'), '\\u202eabc');
});
