import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerAt, longLayer, readPoint, shortLayer } from '../../src/lens/layers.js';
import { decimal, grouped, percent } from '../../src/lens/numbers.js';
import { visibleText } from '../../src/lens/visible-text.js';
import { toggled, withPinToggled } from '../../src/state/pins.js';
import { shownLayers, strideNote } from '../../src/state/shown-layers.js';

const LAYERS = [-1, 0, 1, 2, 3, 4, 5, 6];

test('a stride keeps the last layer, whether it falls on it or not', () => {
  assert.deepEqual(shownLayers(LAYERS, { stride: 3, layerWindow: undefined, inside: 'thin' }), [0, 3, 6, 7]);
  assert.deepEqual(shownLayers(LAYERS, { stride: 7, layerWindow: undefined, inside: 'thin' }), [0, 7]);
  assert.deepEqual(shownLayers(LAYERS, { stride: 100, layerWindow: undefined, inside: 'thin' }), [0, 7]);
  assert.deepEqual(shownLayers([], { stride: 2, layerWindow: undefined, inside: 'thin' }), []);
});

test('a window bounds the layers by number, and the stride keeps its last', () => {
  assert.deepEqual(shownLayers(LAYERS, { stride: 1, layerWindow: [2, 4], inside: 'thin' }), [3, 4, 5]);
  assert.deepEqual(shownLayers(LAYERS, { stride: 2, layerWindow: [2, 5], inside: 'thin' }), [3, 5, 6]);
});

const INSIDE = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];

test('what is inside a block is shown with it, or folded', () => {
  assert.deepEqual(shownLayers(INSIDE, { stride: 1, layerWindow: undefined, inside: 'thin' }), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(shownLayers(INSIDE, { stride: 1, layerWindow: undefined, inside: 'folded' }), [0, 4, 8]);
  assert.deepEqual(shownLayers(INSIDE, { stride: 1, layerWindow: [0, 0], inside: 'thin' }), [1, 2, 3, 4]);
  assert.deepEqual(shownLayers(INSIDE, { stride: 2, layerWindow: undefined, inside: 'thin' }), [0, 5, 6, 7, 8]);
  assert.deepEqual(shownLayers([-0.75, 0.25], { stride: 1, layerWindow: undefined, inside: 'folded' }), [0, 1]);
});

test('a read point has a number between those of the layers around it', () => {
  for (const site of ['attention_output', 'attention_residual', 'feed_forward_output', 'block_output']) {
    assert.deepEqual(readPoint(layerAt(site, 3)!), { block: 3, site });
  }
  assert.deepEqual(readPoint(layerAt('embedding', 0)!), { site: 'embedding' });
  assert.equal(layerAt('attention_heads', 3), undefined);
  assert.deepEqual([-1, -0.75, 0, 2.5, 2.75].map(shortLayer), ['emb', '0 attn', '0', '3 mid', '3 ff']);
  assert.deepEqual([-1, 1, 0.25].map(longLayer), ['embedding', 'layer 1', 'attention of block 1']);
});

test('a stride says that it strides', () => {
  assert.equal(strideNote(1), undefined);
  assert.equal(strideNote(2), 'every 2nd layer');
  assert.equal(strideNote(3), 'every 3rd layer');
  assert.equal(strideNote(12), 'every 12th layer');
});

test('what is invisible in a text is shown as the SDK shows it', () => {
  assert.equal(visibleText(' a\n\tb\r'), '·a⏎→b\\r');
  assert.equal(visibleText('\u202Eevil\u200b\u0000'), '\\u202eevil\\u200b\\u0000');
  assert.equal(visibleText('\u00a0\u2028\u2029'), '⍽\\u2028\\u2029');
  assert.equal(visibleText('\u0301a'), '◌\u0301a');
  assert.equal(visibleText('\ud800 日本 👩 שלום <0xE6>'), '\\ud800·日本·👩·שלום·<0xE6>');
  assert.equal(visibleText('\u{e0001}'), '\\udb40\\udc01');
});

test('numbers are as short as they can be read', () => {
  assert.equal(percent(1), '100.0 %');
  assert.equal(percent(0.4213), '42.1 %');
  assert.equal(percent(0.0312), '3.12 %');
  assert.equal(percent(1.2e-7), '1.2e-7');
  assert.equal(percent(0), '0 %');
  assert.equal(percent(NaN), '–');
  assert.equal(decimal(-12.345), '−12.35');
  assert.equal(decimal(0.0123), '0.012');
  assert.equal(decimal(0), '0.00');
  assert.equal(grouped(1234567), '1\u202f234\u202f567');
  assert.equal(grouped(12), '12');
});

test('a pinned token gets the first free color, and is unpinned by the same', () => {
  const two = withPinToggled(withPinToggled([], 7), 8);
  assert.deepEqual(two, [{ ids: [7], color: 0 }, { ids: [8], color: 1 }]);
  const one = withPinToggled(two, 7);
  assert.deepEqual(one, [{ ids: [8], color: 1 }]);
  assert.deepEqual(withPinToggled(one, 9), [{ ids: [8], color: 1 }, { ids: [9], color: 0 }]);
});

test('a group that holds a token is not its pin', () => {
  assert.deepEqual(withPinToggled([{ ids: [7, 8], color: 0 }], 7), [{ ids: [7, 8], color: 0 }, { ids: [7], color: 1 }]);
});

test('a value is added at the end or taken out', () => {
  assert.deepEqual(toggled([1, 2], 3), [1, 2, 3]);
  assert.deepEqual(toggled([1, 2], 1), [2]);
});
