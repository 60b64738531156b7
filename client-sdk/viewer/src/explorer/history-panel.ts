import { h, replaceContent } from '../dom.js';
import { button, field } from '../controls.js';
import type { Entry } from './entry.js';
import type { History } from './history.js';
import { optionWords, promptWords } from './words.js';

export interface Choices {
  restore(entry: Entry): void;
  compare(entry: Entry): void;
  /** Gives a run a name and a note. */
  call(entry: Entry, name: string, note: string): void;
  /** Deletes a run, with its file. */
  forget(entry: Entry): void;
}

/** The list of runs that have ended, newest first. */
export class HistoryPanel {
  readonly #list = h('ol');
  readonly #search = h('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search the history' });
  readonly #notice = h('p', { class: 'ex-quiet', role: 'status' });
  readonly #folder = h('p', { class: 'ex-quiet ex-folder' });
  readonly element = h('aside', { class: 'ex-history', 'aria-label': 'History' }, h('h2', {}, 'History'), this.#search, this.#list, this.#notice, this.#folder);
  #shown: readonly Entry[] = [];
  /** The entry whose name and note are edited, and the form: what is typed there outlives a redraw of the list. */
  #edited: { readonly entry: Entry; readonly form: HTMLElement } | undefined;

  constructor(
    readonly history: History<Entry>,
    readonly choices: Choices,
  ) {
    this.#search.addEventListener('input', () => this.#draw());
    this.show([]);
  }

  /** Says where the files are. */
  set folder(path: string | undefined) {
    this.#folder.textContent = path === undefined ? 'These runs are forgotten with this page.' : `Files in ${path}`;
  }

  /** Draws the list; `shown` are the runs on the page now. */
  show(shown: readonly Entry[], notice = ''): void {
    this.#shown = shown;
    this.tell(notice);
  }

  /** Draws the list again, with a notice. */
  tell(notice: string): void {
    this.#notice.textContent = notice;
    this.#draw();
  }

  #draw(): void {
    const { entries } = this.history;
    const focused = document.activeElement;
    // There with the first result, so that its map keeps its width when the run ends.
    this.element.hidden = entries.length === 0 && this.#shown.length === 0;
    this.#search.hidden = entries.length < 2 && this.#search.value === '';
    const found = entries.filter((entry) => entry.has(this.#search.value.trim()));
    const none = found.length === 0 && entries.length > 0 ? [h('li', { class: 'ex-quiet' }, 'No run has these words.')] : [];
    replaceContent(this.#list, ...found.map((entry) => this.#item(entry)), ...none);
    // An element that moves loses the focus.
    if (this.#edited?.form.contains(focused)) (focused as HTMLElement).focus({ preventScroll: true });
  }

  #item(entry: Entry): HTMLElement {
    const current = this.#shown.includes(entry);
    const restore = h(
      'button',
      { type: 'button', class: 'ex-entry', 'data-key': `entry ${entry.id}`, 'aria-current': current ? 'true' : undefined },
      h('span', { class: 'ex-entry-prompt' }, entry.words),
      ...(entry.name === '' ? [] : [h('span', { class: 'ex-quiet' }, promptWords(entry.form.prompt.text))]),
      ...(entry.note === '' ? [] : [h('span', { class: 'ex-note-text' }, entry.note)]),
      h('span', { class: 'ex-quiet' }, [entry.model, entry.tokens > 0 ? `${entry.tokens} tokens` : '', optionWords(entry.form), entry.part].filter(Boolean).join(' · ')),
      h('time', { class: 'ex-quiet', datetime: entry.at.toISOString() }, when(entry.at)),
    );
    restore.addEventListener('click', () => this.choices.restore(entry));
    const name = entry.words.slice(0, 30);
    const actions = h('div', { class: 'ex-entry-actions' });
    // A changed pass is a comparison itself.
    if (!current && ![entry, ...this.#shown].some(({ form }) => form.change) && this.#shown.length > 0) {
      actions.append(button('Compare', () => this.choices.compare(entry), { 'aria-label': `Compare with the shown result: ${name}` }));
    }
    actions.append(button('Name', () => this.#edit(entry), { 'aria-label': `Name and note: ${name}` }), this.#delete(entry, name));
    return h('li', {}, restore, this.#edited?.entry === entry ? this.#edited.form : actions);
  }

  /** A file is gone for good, so the first click asks. */
  #delete(entry: Entry, name: string): HTMLElement {
    const verb = entry.kept === undefined ? 'Forget' : 'Delete';
    const remove = button(verb, () => {
      if (entry.kept === undefined || remove.dataset['asked'] === 'true') return this.choices.forget(entry);
      remove.dataset['asked'] = 'true';
      remove.textContent = 'Delete the file';
      remove.setAttribute('aria-label', `Delete the file: ${name}`);
    }, { 'aria-label': `${verb}: ${name}` });
    return remove;
  }

  #edit(entry: Entry | undefined): void {
    this.#edited = entry && { entry, form: this.#editor(entry) };
    this.#draw();
    this.#list.querySelector<HTMLElement>('.ex-words input')?.focus();
  }

  #editor(entry: Entry): HTMLElement {
    const name = h('input', { value: entry.name, maxlength: 200 });
    const note = h('textarea', { rows: 3, maxlength: 4000 }, entry.note);
    const form = h('form', { class: 'ex-words' }, field('Name', name), field('Note', note), h('div', { class: 'ex-entry-actions' }, h('button', { type: 'submit' }, 'Keep'), button('Leave', () => this.#edit(undefined))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#edited = undefined;
      this.choices.call(entry, name.value.trim(), note.value.trim());
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#edit(undefined);
    });
    return form;
  }
}

/** The time of today, or the day and the time. */
function when(at: Date): string {
  return at.toDateString() === new Date().toDateString() ? at.toLocaleTimeString() : at.toLocaleString();
}
