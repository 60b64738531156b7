import { button } from '../controls.js';
import { h } from '../dom.js';
import type { Message } from './bridge.js';

const ROLES = ['user', 'assistant'];

/** The messages of a chat that come before the prompt. */
export class Conversation {
  readonly #list = h('ol');
  readonly #add = button('Add an earlier message', () => {
    this.#append({ role: this.value.at(-1)?.role === 'user' ? 'assistant' : 'user', content: '' }).focus();
  });
  readonly element = h('div', { class: 'ex-turns', role: 'group', 'aria-label': 'Earlier messages' }, this.#list, this.#add);

  /** Those with a text, in their order. */
  get value(): Message[] {
    const rows = [...this.#list.children].map((row) => ({ role: row.querySelector('select')!.value, content: row.querySelector('textarea')!.value }));
    return rows.filter(({ content }) => content !== '');
  }

  set value(messages: readonly Message[]) {
    this.#list.replaceChildren();
    for (const message of messages) this.#append(message);
  }

  #append({ role, content }: Message): HTMLTextAreaElement {
    const place = this.#list.children.length + 1;
    const who = h('select', { 'aria-label': `Role of message ${place}` }, ...[...new Set([...ROLES, role])].map((name) => h('option', { selected: name === role }, name)));
    const text = h('textarea', { rows: 1, 'aria-label': `Message ${place}` }, content);
    const remove = button('×', () => {
      row.remove();
      this.#add.focus();
      this.element.dispatchEvent(new Event('input', { bubbles: true }));
    }, { title: 'Remove this message', 'aria-label': `Remove message ${place}` });
    const row = h('li', {}, who, text, remove);
    this.#list.append(row);
    return text;
  }
}
