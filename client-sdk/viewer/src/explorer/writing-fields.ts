import { field } from '../controls.js';
import { h } from '../dom.js';
import type { WritingForm } from './bridge.js';

/** How the model writes when it is asked to: how many tokens, and how they are drawn. */
export class WritingFields {
  readonly #tokens = h('input', { type: 'number', min: 1, max: 4096, value: 32, title: 'Largest number of tokens that the model chooses' });
  readonly #temperature = h('input', { type: 'number', min: 0, max: 100, step: 0.1, value: 0, title: '0: always the best token. Higher: drawn at random, the more so' });
  readonly #seed = h('input', { inputmode: 'numeric', size: 8, spellcheck: 'false', placeholder: 'any', title: 'Random numbers to draw with, to repeat a text' });
  readonly element = h('fieldset', { class: 'ex-writing' }, h('legend', {}, 'Generate'), field('Most tokens', this.#tokens), field('Temperature', this.#temperature), field('Seed', this.#seed));

  get value(): WritingForm {
    const seed = this.#seed.value.trim();
    return { maxTokens: Number(this.#tokens.value) || 32, temperature: Number(this.#temperature.value) || 0, ...(seed === '' ? {} : { seed }) };
  }

  set value({ maxTokens, temperature, seed }: WritingForm) {
    this.#tokens.value = String(maxTokens);
    this.#temperature.value = String(temperature);
    this.#seed.value = seed ?? '';
  }
}
