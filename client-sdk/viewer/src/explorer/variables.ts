import { field } from '../controls.js';
import { h } from '../dom.js';
import { filled, variablesOf, type Filled } from './template.js';

/** Values for the variables of a prompt: a field for each, with a value on each line. */
export class Variables {
  readonly element = h('div', { class: 'ex-variables', hidden: true });
  readonly #boxes = new Map<string, HTMLTextAreaElement>();
  #names: readonly string[] = [];

  /** Shows the fields of the variables of a prompt. Values of a variable that goes and comes back are kept. */
  follow(text: string): void {
    const names = variablesOf(text);
    if (names.join() === this.#names.join()) return;
    this.#names = names;
    for (const name of names) if (!this.#boxes.has(name)) this.#boxes.set(name, h('textarea', { rows: 3, cols: 18, spellcheck: 'false' }));
    this.element.replaceChildren(...names.map((name) => field(`{${name}}, a value on each line`, this.#boxes.get(name)!)));
    this.element.hidden = names.length === 0;
  }

  /** The prompts of a text with these values. */
  fill(text: string): Filled[] {
    const values = new Map(this.#names.map((name) => [name, this.#boxes.get(name)!.value.split('\n').filter((line) => line !== '')]));
    return filled(text, values);
  }
}
