import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunForm } from '../../src/explorer/bridge.js';
import { ConnectionLost, eventsOf, type StreamEvent } from '../../src/explorer/events.js';
import { History, type Kept } from '../../src/explorer/history.js';
import { filled, variablesOf } from '../../src/explorer/template.js';
import { outcomeOf, rowOf, runsOf, trackedOf, type WireRun } from '../../src/explorer/wire.js';
import { failureWords, formWords, optionWords, progressPart, progressWords, promptWords } from '../../src/explorer/words.js';
import { GrowingLens } from '../../src/lens/growing-lens.js';

const base64 = (array: Int32Array | Float32Array): string => Buffer.from(array.buffer).toString('base64');
const token = (id: number) => ({ id, raw: `Ġw${id}`, text: ` w${id}` });

/** Two layers, two positions, two predictions a cell, one target that the last position lacks. */
const RUN: WireRun = {
  requestId: '',
  model: {
    name: 'tiny', architecture: 'gpt2', layers: 2, hiddenSize: 8, vocabularySize: 50, storedType: 'float32',
    computeType: 'float32', revision: '',
  },
  lenses: [{ lens: 'logit', layers: [0, 1] }],
  numberForm: 'exact',
  approximate: false,
  prompt: 'ab',
  tokens: [{ ...token(1), start: 0, end: 1 }, { ...token(2), start: 1, end: 2 }],
  positions: [0, 1],
  k: 2,
  targets: [{ kind: 'next_token', text: undefined, tokenIds: [], ids: [2, null] }],
  statistics: [{ name: 'entropy', label: 'entropy', unit: 'nats', minimum: 0, direction: 'less_is_surer', meaning: 'How spread out.' }],
  hasTrajectories: true,
  finalTops: [{ token: token(3), logProb: '-0.5' }, { token: token(4), logProb: '-Infinity' }],
  vocabulary: [],
};

const ROW = {
  lens: 0,
  layer: 0,
  vocabulary: [token(5), token(6)],
  ids: base64(Int32Array.of(5, 3, 6, 4)),
  logProbs: base64(Float32Array.of(-0.25, -2, -0.5, -3)),
  columns: { 'log-sum-exp': base64(Float32Array.of(10, 11)), entropy: base64(Float32Array.of(1.5, NaN)) },
  ranks: base64(Int32Array.of(7, 0)),
  targetLogProbs: base64(Float32Array.of(-4, NaN)),
};

const TRACKED = {
  lens: 0,
  first: 0,
  counts: [1, 2],
  vocabulary: [],
  ids: base64(Int32Array.of(5, 4, 6)),
  logProbs: base64(Float32Array.of(-1.5, -0.5, -9, -8, -7, -6)),
};

const OUTCOME = {
  selfCheck: { maxLogitDifference: '1.0E-5', top1Agrees: true, positions: [1] },
  timings: { queuedMs: 0.1, forwardMs: 2, lensMs: 3 },
  omittedTrajectories: 0,
  reservedBytes: 100,
};

function grown(): GrowingLens {
  const lens = new GrowingLens(runsOf(RUN)[0]!);
  lens.learn(ROW.vocabulary);
  lens.addRow(rowOf(ROW));
  return lens;
}

test('a run of several lenses is one for each, with its own layers', () => {
  const fit = { decodesLastBlockAsModel: true, skippedPositions: 16, warnings: [] };
  const [logit, fitted] = runsOf({ ...RUN, lenses: [{ lens: 'logit', layers: [0, 1] }, { lens: 'transport:j', layers: [1], fit }] });
  assert.deepEqual(logit!.layers, [0, 1]);
  assert.equal(logit!.fit, undefined);
  assert.deepEqual(fitted!.layers, [1]);
  assert.equal(fitted!.fit!.skippedPositions, 16);
  assert.equal(fitted!.finalTops, logit!.finalTops);
});

test('a run is read with its numbers and absences', () => {
  const run = runsOf(RUN)[0]!;
  assert.deepEqual(run.targets[0]!.ids, [2, undefined]);
  assert.equal(run.finalTops[0]!.logProb, -0.5);
  assert.equal(run.finalTops[1]!.logProb, -Infinity);
  assert.deepEqual(run.statistics.map(({ name }) => name), ['entropy']);
  assert.equal(run.statistics[0]!.maximum, undefined);
});

test('a layer can be read as soon as it is there, and no other', () => {
  const lens = grown();
  assert.equal(lens.layersReady, 1);
  assert.deepEqual(lens.prediction(0, 0, 1), { token: token(3), logProb: -2 });
  assert.equal(lens.statistic('log-sum-exp', 0, 1), 11);
  assert.equal(lens.statistic('entropy', 0, 0), 1.5);
  assert.ok(Number.isNaN(lens.statistic('kl-from-next', 0, 0)));
  assert.equal(lens.targetRank(0, 0, 0), 7);
  assert.equal(lens.targetRank(0, 0, 1), 0);
  assert.throws(() => lens.prediction(1, 0, 0), /layer index 1 is not here yet/);
  assert.throws(() => lens.prediction(0, 2, 0), /position index 2/);
  assert.throws(() => lens.prediction(0, 0, 2), /place 2/);
  assert.throws(() => lens.targetRank(1, 0, 0), /no target 1/);
  assert.deepEqual([...lens.vocabulary()].map(({ id }) => id).sort(), [1, 2, 3, 4, 5, 6]);
  assert.throws(() => lens.token(49), /49 does not occur/);
});

test('a log-probability comes from what is followed, the top-k or a target, else it is not known', () => {
  const lens = grown();
  assert.equal(lens.logProb(5, 0, 0), -0.25);
  assert.equal(lens.logProb(2, 0, 0), -4);
  assert.equal(lens.logProb(9, 0, 0), undefined);
  lens.addTracked(trackedOf(TRACKED, lens.run));
  assert.equal(lens.logProb(5, 0, 0), -1.5);
  assert.equal(lens.logProb(6, 0, 1), -7);
  assert.deepEqual([...lens.tracked(1)], [4, 6]);
});

test('listeners hear of each layer and of the end', () => {
  const lens = grown();
  const heard: unknown[] = [];
  const end = lens.onGrowth(() => heard.push([lens.layersReady, lens.outcome !== undefined]));
  lens.addRow(rowOf({ ...ROW, layer: 1 }));
  lens.addTracked(trackedOf(TRACKED, lens.run));
  lens.finish(outcomeOf(OUTCOME));
  assert.deepEqual(heard, [[2, false], [2, true]]);
  assert.equal(lens.outcome!.selfCheck.maxLogitDifference, 1e-5);
  end();
  assert.throws(() => lens.addRow(rowOf(ROW)), /every layer/);
  assert.throws(() => lens.addTracked(trackedOf(TRACKED, lens.run)), /every position/);
  assert.ok(lens.bytes >= 2 * 4 * (4 + 4 + 2 + 2 + 2 + 2) + 4 * 9);
});

test('a run cannot end before its last layer', () => {
  assert.throws(() => grown().finish(outcomeOf(OUTCOME)), /only 1 layers/);
});

test('events are read whatever the pieces in which they come', async () => {
  const text = 'event: started\ndata: {"id":"1"}\n\n:\n\nevent: row\ndata: {"text":"é\\n"}\n\n';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
    assert.deepEqual(await all(pieces), [
      { name: 'started', data: { id: '1' } },
      { name: 'row', data: { text: 'é\n' } },
    ]);
  }
});

test('a connection that breaks is told from a mistake', async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new TypeError('network error')) });
  await assert.rejects(async () => { for await (const _ of eventsOf(body)); }, ConnectionLost);
});

async function all(pieces: readonly Uint8Array[]): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  for await (const event of eventsOf(body)) events.push(event);
  return events;
}

test('the history drops its oldest beyond so many or so many bytes, and says which', () => {
  const history = new History<Kept>(3, 100);
  const release = () => false;
  for (const id of ['a', 'b', 'c']) assert.deepEqual(history.add({ id, bytes: 10, release }), []);
  assert.deepEqual(history.add({ id: 'd', bytes: 10, release }).map(({ id }) => id), ['a']);
  assert.deepEqual(history.add({ id: 'e', bytes: 85, release }).map(({ id }) => id), ['c', 'b']);
  assert.deepEqual(history.add({ id: 'f', bytes: 1000, release }).map(({ id }) => id), ['e', 'd']);
  assert.deepEqual(history.entries.map(({ id }) => id), ['f']);
  history.remove('f');
  assert.equal(history.entries.length, 0);
});

test('entries that can be read again stay without their numbers', () => {
  const history = new History<Kept>(2, 100);
  const released: string[] = [];
  const entry = (id: string) => ({ id, bytes: 10, release: () => released.push(id) > 0 });
  history.addOlder([{ id: 'old', bytes: 0, release: () => false }]);
  for (const id of ['a', 'b', 'c']) assert.deepEqual(history.add(entry(id)), []);
  assert.deepEqual(history.entries.map(({ id }) => id), ['c', 'b', 'a', 'old']);
  assert.deepEqual(released, ['a']);
});

test('a template is one prompt for each combination of the values of its variables', () => {
  assert.deepEqual(variablesOf('{a} and {b}, {a}; not {1} nor {}'), ['a', 'b']);
  const values = new Map([['a', ['x', '$&']], ['b', ['1', '2']]]);
  assert.deepEqual(filled('{a}{b}{a}', values), [
    { text: 'x1x', words: 'x, 1' }, { text: 'x2x', words: 'x, 2' }, { text: '$&1$&', words: '$&, 1' }, { text: '$&2$&', words: '$&, 2' },
  ]);
  assert.deepEqual(filled('{a} {c}', new Map([['a', ['x']]])), [{ text: 'x {c}', words: 'x' }], 'without values it is a text');
  assert.deepEqual(filled('plain', values), [{ text: 'plain', words: '' }]);
  assert.throws(() => filled('{a}', new Map([['a', Array.from({ length: 65 }, String)]])), /65 prompts are too many/);
});

test('progress is told in words and parts', () => {
  assert.equal(progressWords({ phase: 'queued', done: 1, total: 3 }), 'Waiting, 2 ahead');
  assert.equal(progressWords({ phase: 'queued', done: 0 }), 'Waiting for its turn');
  assert.equal(progressWords({ phase: 'forward', done: 3, total: 12 }), 'Running the blocks, 3 of 12');
  assert.equal(progressWords({ phase: 'lens', done: 300, total: 1200 }), 'Reading the layers, 25 %');
  assert.equal(progressWords({ phase: 'lens', done: 300, total: 1200, secondsLeft: 12.4 }), 'Reading the layers, 25 %, 12 s left');
  assert.equal(progressWords({ phase: 'lens', done: 300, total: 1200, secondsLeft: 150 }), 'Reading the layers, 25 %, 3 min left');
  assert.equal(progressPart({ phase: 'queued', done: 0, total: 3 }), undefined);
  assert.equal(progressPart({ phase: 'forward', done: 6, total: 12 }), 0.25);
  assert.equal(progressPart({ phase: 'trajectories', done: 12, total: 12 }), 1);
});

test('failures name the field, and say when to try again', () => {
  const failure = { code: 'X', message: '99 is out of range.', retryable: false };
  assert.equal(failureWords({ ...failure, field: 'top-k' }), 'Top k: 99 is out of range.');
  assert.equal(failureWords({ ...failure, message: 'The queue is full.', retryable: true }), 'The queue is full. Try again in a moment.');
});

test('prompts in a list are short, on one line, and hide nothing', () => {
  assert.equal(promptWords('a b\nc'), 'a b⏎c');
  assert.equal(promptWords('safe \u202Ecod'), 'safe \\u202ecod');
  assert.equal(promptWords('a 👩🏽\u200d🚀 b\u200dc می\u200cروم'), 'a 👩🏽\u200d🚀 b\\u200dc می\u200cروم', 'what joins two signs to one is no secret');
  assert.equal(promptWords('x'.repeat(100), 10), `${'x'.repeat(9)}…`);
});

test('a list names what a run differs in from a first look', () => {
  const form: RunForm = {
    prompt: { model: 'm', text: 'x', chat: false, system: '', earlier: [] },
    layers: 'all', positions: 'all', topK: 5, targets: [], statistics: 'entropy,kl-from-final', switches: [], lenses: [],
  };
  assert.equal(optionWords(form), '');
  const chat = { ...form.prompt, chat: true };
  assert.equal(optionWords({ ...form, prompt: chat }), 'chat');
  assert.equal(optionWords({ ...form, prompt: { ...chat, system: 'Be brief.', earlier: [{ role: 'user', content: 'Hi' }] } }), 'chat of 3 messages');
  assert.equal(optionWords({ ...form, lenses: ['logit', 'tuned'] }), 'lens logit, tuned');
  assert.equal(formWords(form), 'm · logit lens');
  const steering = { token: ' Rome', strength: -1.5 };
  assert.equal(optionWords({ ...form, change: { layer: 3, position: 5, steering } }), '“·Rome” added to layer 3 of token 5, −1.50 times as long');
  assert.equal(optionWords({ ...form, change: { layer: 3, steering } }), '“·Rome” added to layer 3 of every token, −1.50 times as long');
  const replacement = { prompt: { ...form.prompt, text: 'y' }, layer: 2, position: 4 };
  assert.equal(optionWords({ ...form, change: { layer: 3, position: 5, replacement } }), 'layer 3 of token 5 replaced by layer 2 of token 4 of “y”');
  assert.equal(optionWords({ ...form, layers: '::2', targets: [' Paris', 'next'] }), 'layers ::2 · targets ·Paris, next');
});
