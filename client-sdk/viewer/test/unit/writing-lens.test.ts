import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingLens } from '../../src/lens/growing-lens.js';
import type { Outcome, Run, Token } from '../../src/lens/lens.js';
import { settled } from '../../src/lens/milestones.js';
import { promptText } from '../../src/lens/prompt-text.js';
import { WritingLens } from '../../src/lens/writing-lens.js';
import { SyntheticLens } from '../support/synthetic-lens.js';

const OUTCOME: Outcome = { selfCheck: { maxLogitDifference: 0, top1Agrees: true, positions: [0] }, timings: undefined, omittedTrajectories: 0, reservedBytes: 0 };

/** A lens of some positions whose best token at layer index l and position p is `best(l, p)`. */
function lens(run: Run, vocabulary: Map<number, Token>, best: (l: number, p: number) => number): GrowingLens {
  const made = new GrowingLens(run, vocabulary);
  run.layers.forEach((_, l) =>
    made.addRow({
      ids: Int32Array.from(run.positions, (position) => best(l, position)),
      logProbs: Float32Array.from(run.positions, (position) => -(l + 10 * position)),
      statistics: new Map(),
      targetRanks: new Int32Array(),
      targetLogProbs: new Float32Array(),
    }),
  );
  return made;
}

const token = (id: number, text: string): Token => ({ id, raw: text, text });

function begun(): { text: WritingLens; vocabulary: Map<number, Token>; run: Run } {
  const vocabulary = new Map<number, Token>();
  const tokens = [token(1, 'a'), token(2, ' b')].map((each, at) => ({ ...each, start: at * 1, end: at * 2 + 1 }));
  const run: Run = {
    ...new SyntheticLens({ layers: 3 }).run,
    prompt: 'a b', tokens, positions: [0, 1], layers: [0, 1, 2], k: 1, targets: [], statistics: [], hasTrajectories: false,
    finalTops: [{ token: token(2, ' b'), logProb: -1 }, { token: token(3, '国'), logProb: -1 }],
  };
  const prompt = lens(run, vocabulary, (l, p) => (p === 0 ? 2 : l === 0 ? 1 : 3));
  return { text: new WritingLens(prompt), vocabulary, run };
}

test('a text grows by a token, and then by its position, without a new run', () => {
  const { text, vocabulary, run } = begun();
  const kept = text.run;
  let grown = 0;
  text.onGrowth(() => grown++);
  text.write(token(3, '国'));
  assert.deepEqual([kept.tokens.length, kept.positions.length, grown], [3, 2, 1]);
  vocabulary.set(4, token(4, '!'));
  text.add(lens({ ...run, positions: [2], finalTops: [{ token: token(4, '!'), logProb: -2 }] }, vocabulary, () => 4));
  assert.deepEqual([...kept.positions], [0, 1, 2]);
  assert.equal(text.prediction(1, 2, 0).token.text, '!');
  assert.equal(text.prediction(1, 2, 0).logProb, -21);
  assert.equal(kept.finalTops[2]!.token.id, 4);
  assert.throws(() => text.prediction(0, 3, 0), /3 positions are/);
});

test('the token of a text is settled from the first block that kept it as its best', () => {
  const { text } = begun();
  assert.equal(settled(text, 1, 3), 1);
  assert.equal(settled(text, 1, 1), undefined, 'the best token of a lower block alone');
  assert.equal(settled(text, 0, 2), 0);
});

test('a text that is stopped keeps the tokens that have layers', () => {
  const { text } = begun();
  text.write(token(3, '国'));
  text.stop();
  assert.deepEqual([text.run.tokens.length, text.run.positions.length], [2, 2]);
});

test('at its end a text has the places of its tokens, also of parts of characters', () => {
  const { text, run } = begun();
  const half = token(5, '<0xE5>');
  text.write(half);
  assert.equal(promptText(text.run, 2), '<0xE5>');
  const places = [...run.tokens, { ...half, start: 3, end: 6 }, { ...token(6, '<0x9B>'), start: 3, end: 6 }];
  text.finish(OUTCOME, places, 'a b国');
  assert.equal(promptText(text.run, 2), '国 1/2');
  assert.equal(text.outcome, OUTCOME);
});
