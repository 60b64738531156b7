import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PagedLens } from '../../src/file/paged-lens.js';
import { SyntheticLens } from '../support/synthetic-lens.js';

test('pages that nothing shows are let go when many others have been read, and read again', async () => {
  const read: number[] = [];
  const layers = 100;
  const pageSize = 32;
  const run = { ...new SyntheticLens({ layers, tokens: Array.from({ length: 3200 }, () => 'w') }).run, statistics: [], targets: [] };
  const page = (at: number) => {
    read.push(at);
    const cells = pageSize * layers;
    return Promise.resolve({
      topIds: new Int32Array(cells * run.k), topLogProbs: new Float32Array(cells * run.k).fill(at), statistics: new Map(), ranks: [], targetLogProbs: [],
      tracked: Array.from({ length: pageSize }, () => new Int32Array()), curves: Array.from({ length: pageSize }, () => new Float32Array()),
    });
  };
  const lens = new PagedLens({ run, outcome: undefined, vocabulary: new Map([[0, { id: 0, raw: 'a', text: 'a' }]]) }, pageSize, page);
  lens.show(0, 64);
  for (let p = 0; p < run.positions.length; p += pageSize) await lens.load(p, p + 1);
  const loaded = run.positions.filter((_, p) => lens.isLoaded(p)).length;
  assert.ok(loaded * layers <= 2 ** 17 + 3 * pageSize * layers, `${loaded} columns`);
  assert.ok(lens.isLoaded(0) && lens.isLoaded(63), 'what is shown stays');
  assert.ok(!lens.isLoaded(64), 'what is far is let go');
  await lens.load(64, 65);
  assert.equal(lens.prediction(0, 64, 0).logProb, 2);
  assert.equal(read.filter((at) => at === 2).length, 2);
  await lens.load(0, run.positions.length);
  assert.ok(run.positions.every((_, p) => lens.isLoaded(p)), 'a load of all is whole when it ends');
});
