import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { ask, interventions, type Asked, type WantedPrompt } from '../../src/index.js';

/** What a program in JavaScript may give by mistake. */
const wrong = <T>(value: unknown) => value as T;

test('a prompt that is none', () => {
  for (const prompt of [undefined, null, 5, {}]) {
    assert.throws(() => ask(wrong<WantedPrompt>(prompt)), (error) => error instanceof TypeError && /^the prompt is .*; give a text/.test(error.message));
  }
});

test('a target that is none', () => {
  for (const target of [undefined, null, {}]) assert.throws(() => ask('text', { targets: wrong<[string]>([target]) }), /give a word, a vocabulary id/);
});

test('a word where a list belongs', () => {
  for (const name of ['targets', 'lenses', 'sites', 'statistics']) {
    assert.throws(() => ask('text', wrong<Asked>({ [name]: 'Paris' })), new TypeError(`${name} is "Paris"; give an array`));
  }
});

test('names that do not exist', () => {
  assert.throws(() => ask('text', wrong<Asked>({ topk: 3 })), /^TypeError: there is no option 'topk'; choose from model, /);
  assert.throws(() => ask('text', { sites: wrong<['embedding']>(['blocks']) }), /no site 'blocks'; choose from embedding/);
  assert.throws(() => interventions.setZero({ site: wrong<'embedding'>('attention-head') }), /no site 'attention-head'/);
  assert.throws(() => interventions.setZero({ generated: wrong<'only'>('never') }), /generated is 'never'; choose from none, also, only/);
});
