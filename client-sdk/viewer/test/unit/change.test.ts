import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeWords, effectWords } from '../../src/explorer/change/effect-words.js';
import { Latest } from '../../src/explorer/change/latest.js';
import type { Lens, Outcome } from '../../src/lens/lens.js';
import { DifferenceLens } from '../../src/pair/difference-lens.js';
import { pairOf } from '../../src/pair/pair.js';
import { SyntheticLens } from '../support/synthetic-lens.js';

const REACHED = [[], [1, 2], [1, 2, 3, 5]];

/** A changed pass of three layers over five tokens. */
function changed(): Lens {
  const lens = new SyntheticLens({ layers: 3 });
  const outcome: Outcome = { selfCheck: { maxLogitDifference: 0, top1Agrees: true, positions: [] }, timings: undefined, omittedTrajectories: 0, reservedBytes: 0, reached: REACHED };
  return Object.defineProperty(lens, 'outcome', { value: outcome });
}

test('the cells that a change can reach are between the edges of their stretches', () => {
  const difference = new DifferenceLens(pairOf(new SyntheticLens({ layers: 3 }), changed()));
  const rows = [0, 1, 2].map((l) => [0, 1, 2, 3, 4].filter((p) => difference.isReached(l, p)));
  assert.deepEqual(rows, [[], [1], [1, 3, 4]]);
  assert.equal(new DifferenceLens(pairOf(changed(), new SyntheticLens({ layers: 3 }))).isReached(1, 1), undefined, 'the second result is the changed one');
});

test('a change and its effect in words', () => {
  const prompt = { model: '', text: 'x', chat: false, system: '', earlier: [] };
  const lens = new SyntheticLens({ layers: 3 });
  assert.equal(changeWords({ layer: 1, position: 3, replacement: { prompt, layer: 2, position: 1 } }, lens, lens), 'Layer 2 of ·capital replaces layer 1 of ·France');
  const steering = { token: ' Rome', strength: -0.5 };
  assert.equal(changeWords({ layer: 1, steering }, lens, undefined), '“·Rome” added to layer 1 of every token, −0.50 times as long as the row');
  const metrics = [{ kind: 'kl', unchanged: '0.0', changed: '1.5' }, { kind: 'log_prob', unchanged: String(Math.log(0.5)), changed: '-Infinity' }] as const;
  assert.equal(effectWords(changed(), metrics, steering), 'At the last token the output moves by 1.50 nats (KL), “·Rome” goes from 50.0 % to 0 %. The change can reach 4 of 15 cells.');
});

test('only the latest of what is asked for is done, and what is under way is canceled', async () => {
  const latest = new Latest(0);
  const done: string[] = [];
  latest.ask(async () => void done.push('dropped before its pause ended'));
  const begun = new Promise<AbortSignal>((resolve) => {
    latest.ask(async (signal) => {
      done.push('second');
      resolve(signal);
    });
  });
  const signal = await begun;
  assert.equal(signal.aborted, false);
  await new Promise<void>((resolve) => {
    latest.ask(async () => {
      done.push('third');
      resolve();
    });
  });
  assert.equal(signal.aborted, true);
  assert.deepEqual(done, ['second', 'third']);
});
