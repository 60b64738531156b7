import { h } from '../dom.js';
import { failureWords, progressPart, progressWords } from './words.js';
import type { WireFailure, WireProgress } from './wire.js';

/** The progress of a run, on screen and for screen readers, which hear phases but not every step. */
export class Status {
  readonly #bar = h('progress', { max: 1, 'aria-label': 'Progress of the run' });
  readonly #words = h('span');
  readonly #spoken = h('p', { class: 'ex-unseen', role: 'status' });
  readonly #note = h('p', { class: 'ex-note' });
  readonly #failure = h('p', { class: 'ex-failure', role: 'alert' });
  readonly #line = h('p', { class: 'ex-progress' }, this.#bar, this.#words);
  readonly element = h('div', { class: 'ex-status' }, this.#line, this.#note, this.#failure, this.#spoken);

  constructor() {
    this.idle();
  }

  progress(progress: WireProgress): void {
    const part = progressPart(progress);
    this.#run(progressWords(progress), part);
    this.say(progressWords({ phase: progress.phase, done: 0 }));
  }

  started(): void {
    this.#run('Starting', undefined);
    this.say('Starting');
  }

  /** Shows that nothing runs, and a note on how the run ended; announces `words`. */
  idle(words = '', note = ''): void {
    this.#line.hidden = true;
    this.#note.textContent = note;
    this.#note.hidden = note === '';
    this.#failure.hidden = true;
    this.#failure.textContent = '';
    this.say(words);
  }

  failed(failure: WireFailure): void {
    this.idle();
    this.#failure.hidden = false;
    this.#failure.textContent = failureWords(failure);
  }

  /** Announces words to screen readers; the same words not twice in a row. */
  say(words: string): void {
    if (this.#spoken.textContent !== words) this.#spoken.textContent = words;
  }

  #run(words: string, part: number | undefined): void {
    this.#line.hidden = false;
    this.#failure.hidden = true;
    this.#note.hidden = true;
    this.#words.textContent = words;
    if (part === undefined) this.#bar.removeAttribute('value');
    else this.#bar.value = part;
  }
}
