import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/lens/lens.js';
import { positionName } from '../../src/lens/names.js';
import { promptText, promptTokenNote, promptUpTo } from '../../src/lens/prompt-text.js';
import { provenance } from '../../src/lens/provenance.js';
import { SyntheticLens } from '../support/synthetic-lens.js';

/** A run of tokens with their texts and their ranges in a prompt; as in the service, a part has the range of its whole character. */
function cut(prompt: string | undefined, ...tokens: (readonly [text: string, start: number, end: number])[]): Run {
  const all = tokens.map(([text, start, end], id) => ({ id, raw: text, text, start, end }));
  return { ...new SyntheticLens().run, prompt, tokens: all, positions: all.map((_, p) => p) };
}

const texts = (run: Run) => run.positions.map((p) => promptText(run, p));

test('a token that is a part of a character shows the character with its part', () => {
  assert.deepEqual(texts(cut('中国', ['中', 0, 3], ['<0xE5><0x9B>', 3, 6], ['<0xBD>', 3, 6])), ['中', '国 1/2', '国 2/2']);
  assert.deepEqual(texts(cut('a👩', ['a<0xF0>', 0, 5], ['<0x9F><0x91>', 1, 5], ['<0xA9>', 1, 5])), ['a 👩 1/3', '👩 2/3', '👩 3/3']);
});

test('tokens that cover nothing, or what no other covers, are as the vocabulary has them', () => {
  assert.deepEqual(texts(cut('ab', ['<|begin|>', 0, 0], ['a', 0, 1], ['b', 1, 2])), ['<|begin|>', 'a', 'b']);
});

test('a prompt is cut after a token, but not inside of a character, and not to nothing', () => {
  const run = cut('a国b', ['<|begin|>', 0, 0], ['a', 0, 1], ['<0xE5><0x9B>', 1, 4], ['<0xBD>', 1, 4], ['b', 4, 5]);
  assert.deepEqual(run.positions.map((p) => promptUpTo(run, p)), [undefined, 'a', undefined, 'a国', 'a国b']);
  assert.equal(promptUpTo(cut(undefined, ['a', 0, 1]), 0), undefined);
});

test('a tooltip has the bytes of a part', () => {
  assert.equal(promptTokenNote(cut('国', ['<0xE5><0x9B>', 0, 3], ['<0xBD>', 0, 3]), 0), 'Position 0: 国 1/2\nbytes E5 9B\nid 0, in the vocabulary <0xE5><0x9B>');
  assert.equal(promptTokenNote(cut('ab', ['ab', 0, 2]), 0), 'Position 0: ab\nid 0, in the vocabulary ab');
});

test('positions that the fitting of a lens left out are marked', () => {
  const fit = { decodesLastBlockAsModel: true, skippedPositions: 1, warnings: [] };
  const run = { ...cut('ab', ['a', 0, 1], ['b', 1, 2]), fit };
  assert.match(promptTokenNote(run, 0), /fitted without this position/);
  assert.doesNotMatch(promptTokenNote(run, 1), /fitted without/);
});

test('without the prompt, or outside of it, a token breaks nothing', () => {
  assert.deepEqual(texts(cut(undefined, ['<0xE5><0x9B>', 0, 3], ['<0xBD>', 0, 3])), ['<0xE5><0x9B>', '<0xBD>']);
  assert.equal(texts(cut('x', ['<0xE5>', 0, 9], ['<0xBD>', 5, 9])).length, 2);
});

test('a token that runs from right to left is isolated from its number', () => {
  const run = cut(' ي', [' ي', 0, 3]);
  assert.equal(positionName({ ...new SyntheticLens(), run } as never, 0), '0 \u2068·ي\u2069');
});

test('the source of a result is its model, type, lens, check, date and version', () => {
  const { run } = new SyntheticLens();
  const model = { ...run.model, name: 'smol', revision: '0123456789abcdef0123456789abcdef01234567', computeType: 'bfloat16' };
  const outcome = { selfCheck: { maxLogitDifference: 0.00123, top1Agrees: true, positions: [4] }, timings: undefined, omittedTrajectories: 0, reservedBytes: 0 };
  const whole = { run: { ...run, model, origin: { date: '2026-11-29', version: '0.1.0' } }, outcome };
  assert.equal(
    provenance(whole as never).join(' · '),
    'smol at 01234567 · bfloat16 · logit lens · self-check passed (1.2e-3) · 2026-11-29 · Stratalens 0.1.0',
  );
  const failed = { ...whole, outcome: { ...outcome, selfCheck: { ...outcome.selfCheck, top1Agrees: false } } };
  assert.ok(provenance(failed as never).includes('self-check FAILED'));
  assert.deepEqual(provenance({ run, outcome: undefined } as never), ['synthetic', 'float32', 'logit lens']);
});
