import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloring } from '../../src/color/coloring.js';
import { Scale } from '../../src/color/scale.js';
import { Columns } from '../../src/heatmap/columns.js';
import { Looks, shortened } from '../../src/heatmap/look.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import type { ViewState } from '../../src/state/view-state.js';
import { SyntheticLens, type Synthetic } from '../support/synthetic-lens.js';

const MANY = Array.from({ length: 200 }, (_, i) => ` w${i}`);

function looks(lens: SyntheticLens, change: Partial<ViewState> = {}, columns = new Columns(lens, () => {})): Looks {
  return new Looks(lens, coloring(lens, { ...DEFAULT_VIEW, ...change }), Scale.light, columns);
}

function counted(options: Synthetic): { lens: SyntheticLens; columns: Columns; changes: () => number } {
  const lens = new SyntheticLens(options);
  let changes = 0;
  return { lens, columns: new Columns(lens, () => changes++), changes: () => changes };
}

test('columns are loaded once, with their neighbors', async () => {
  const { lens, columns, changes } = counted({ tokens: MANY, delay: 1 });
  await Promise.all([columns.want(0, 10), columns.want(5, 20)]);
  assert.equal(lens.loads, 1);
  assert.equal(changes(), 1);
  assert.ok(lens.isLoaded(31) && !lens.isLoaded(32));
  await columns.want(60, 70);
  assert.equal(lens.loads, 3);
  await columns.want(-50, 96);
  assert.equal(lens.loads, 3);
});

test('columns that cannot be read say why and are not asked for again', async () => {
  const { lens, columns } = counted({ tokens: MANY, damagedFrom: 64 });
  await columns.want(0, 200);
  assert.equal(columns.failure(3), undefined);
  assert.match(columns.failure(64)!, /damaged/);
  assert.equal(columns.firstFailure, columns.failure(64));
  const { loads } = lens;
  await columns.want(60, 70);
  assert.equal(lens.loads, loads);
});

test('a cell looks loading, failed or pending until it can be read', async () => {
  const { lens, columns } = counted({ tokens: MANY, layers: 4, ready: 2, damagedFrom: 64 });
  const drawn = looks(lens, {}, columns);
  assert.equal(drawn.at(0, 0).state, 'loading');
  await columns.want(0, 128);
  assert.equal(drawn.at(0, 0).state, 'ready');
  assert.equal(drawn.at(2, 0).state, 'pending');
  assert.equal(drawn.at(0, 64).state, 'failed');
  assert.match(drawn.at(0, 64).label, /write the file again/);
  lens.grow();
  assert.equal(drawn.at(2, 0).state, 'ready');
});

test('a cell says in words what its color says', () => {
  const lens = new SyntheticLens({ layers: 4 });
  const look = looks(lens, { color: 'rank' }).at(3, 1);
  assert.ok(look.label.startsWith(`${shortened(lens.prediction(3, 1, 0).token.text)}, `));
  assert.ok(look.label.endsWith('; Rank of the target: “·Paris”: 1'));
});

test('a cell without the number of its color is empty but has its word', () => {
  const lens = new SyntheticLens({ layers: 4 });
  const look = looks(lens, { color: 'rank', target: 1 }).at(0, 4);
  assert.equal(look.state, 'empty');
  assert.notEqual(look.text, '');
  assert.equal(look.ink, undefined);
});

test('cells up to the threshold are inside of the outline, at the threshold itself too', () => {
  const lens = new SyntheticLens({ layers: 4 });
  const rank = lens.targetRank(0, 1, 2);
  assert.equal(looks(lens, { color: 'rank', rankThreshold: rank }).isInside(1, 2), true);
  assert.equal(looks(lens, { color: 'rank', rankThreshold: rank - 1 }).isInside(1, 2), false);
  assert.equal(looks(lens).isInside(1, 2), undefined);
});

test('a long text is cut between characters, and what is invisible is shown', () => {
  assert.equal([...shortened('👩'.repeat(10_000))].length, 48);
  assert.equal(shortened(' a\u202E'), '·a\\u202e');
});

test('colored by rank, a cell has its rank as text', () => {
  const lens = new SyntheticLens({ layers: 4 });
  assert.equal(looks(lens, { color: 'rank' }).at(1, 2).text.replace(/\D/g, ''), String(lens.targetRank(0, 1, 2)));
  assert.notEqual(looks(lens).at(1, 2).text, looks(lens, { color: 'rank' }).at(1, 2).text);
});

test('a part of a character that goes on as the prompt does shows the character', () => {
  const lens = new SyntheticLens({ layers: 4 });
  const parts = ['<0xE5><0x9B>', '<0xBD>'].map((text, i) => ({ ...lens.token(i), raw: text, text, start: 0, end: 3 }));
  const run = { ...lens.run, prompt: '国', tokens: parts };
  const ofRun = new Proxy(lens, {
    get(of, key) {
      const value = key === 'run' ? run : Reflect.get(of, key, of);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
  const all = new Looks(ofRun, coloring(lens, DEFAULT_VIEW), Scale.light, new Columns(ofRun, () => {}));
  assert.equal(all.text(1, 0), '国 2/2');
  assert.equal(all.text(2, 0), shortened(lens.token(2).text));
});
