import { h } from '../dom.js';
import { button } from '../controls.js';
import type { Entry } from './entry.js';
import type { History } from './history.js';
import { optionWords, promptWords } from './words.js';

export interface Choices {
  restore(entry: Entry): void;
  compare(entry: Entry): void;
  forget(entry: Entry): void;
}

/** The list of runs that have ended, newest first. */
export class HistoryPanel {
  readonly #list = h('ol');
  readonly #notice = h('p', { class: 'ex-quiet', role: 'status' });
  readonly element = h('aside', { class: 'ex-history', 'aria-label': 'History' }, h('h2', {}, 'History'), this.#list, this.#notice);

  constructor(
    readonly history: History<Entry>,
    readonly choices: Choices,
  ) {
    this.show([]);
  }

  /** Draws the list; `shown` are the runs on the page now. */
  show(shown: readonly Entry[], notice = ''): void {
    this.element.hidden = this.history.entries.length === 0;
    this.#list.replaceChildren(...this.history.entries.map((entry) => this.#item(entry, shown)));
    this.#notice.textContent = notice;
  }

  #item(entry: Entry, shown: readonly Entry[]): HTMLElement {
    const current = shown.includes(entry);
    const { run } = entry.lens;
    const restore = h(
      'button',
      { type: 'button', class: 'ex-entry', 'aria-current': current ? 'true' : undefined },
      h('span', { class: 'ex-entry-prompt' }, promptWords(entry.form.prompt.text)),
      h('span', { class: 'ex-quiet' }, [`${run.model.name}, ${run.tokens.length} tokens`, optionWords(entry.form), entry.finished ? '' : `canceled, ${entry.lens.layersReady} of ${run.layers.length} layers`].filter(Boolean).join(' · ')),
      h('time', { class: 'ex-quiet', datetime: entry.at.toISOString() }, entry.at.toLocaleTimeString()),
    );
    restore.addEventListener('click', () => this.choices.restore(entry));
    const name = promptWords(entry.form.prompt.text, 30);
    const actions = h('div', { class: 'ex-entry-actions' });
    if (shown.length > 0 && !current) {
      actions.append(button('Compare', () => this.choices.compare(entry), `Compare with the shown result: ${name}`));
    }
    actions.append(button('Forget', () => this.choices.forget(entry), `Forget: ${name}`));
    return h('li', {}, restore, actions);
  }
}
