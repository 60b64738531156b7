import { Darkness } from '../color/theme.js';
import { button } from '../controls.js';
import { h } from '../dom.js';
import { DEFAULT_VIEW } from '../state/default-view.js';
import { Store } from '../state/store.js';
import { GatheredLens, type Gathered } from '../lens/gathered-lens.js';
import { BridgeError, type Bridge, type ChangeForm, type Ended, type Opening, type RunForm } from './bridge.js';
import { Changes } from './change/changes.js';
import { Composer } from './composer.js';
import { continuation } from './continuation.js';
import { Entry } from './entry.js';
import { examples } from './examples.js';
import { HistoryPanel } from './history-panel.js';
import { History } from './history.js';
import { saveMenu } from './save-menu.js';
import { Stage } from './stage.js';
import { Status } from './status.js';
import type { Filled } from './template.js';
import { canceledWords, doneWords, promptWords, timeFacts, writtenWords } from './words.js';
import type { Continuation } from './written-text.js';

const RUNS = 20;
const BYTES = 512 * 1024 * 1024;
const LOADING_POLL_MS = 400;

/** The last prompt of this tab; a reload starts with it. */
const WRITTEN = 'stratalens.written';

/** The whole page: composer, running request, shown results and history. */
export class App {
  readonly #composer: Composer;
  readonly #status = new Status();
  readonly #stage: Stage;
  readonly #history = new History<Entry>(RUNS, BYTES);
  readonly #panel: HistoryPanel;
  readonly #look = new Store(DEFAULT_VIEW);
  readonly #examples = examples((prompt) => {
    this.#composer.text = prompt;
    void this.#run(this.#composer.value);
  });
  readonly #continuing = h('div');
  readonly element: HTMLElement;
  #running: AbortController | undefined;
  /** Why the last run has no file. */
  #trouble = '';
  /** How often the reader has chosen what to see. */
  #choices = 0;

  constructor(readonly bridge: Bridge) {
    this.#composer = new Composer(bridge, { run: (form, prompts) => void this.#runAll(form, prompts), write: (form) => void this.#run(form), cancel: () => this.#cancel(), failed: (error) => this.#refused(error) }, this.#status.element);
    this.#stage = new Stage(bridge, {
      above: (entry) => this.#above(entry),
      themed: (theme) => this.#look.update({ theme }),
      single: (entry) => void this.#restore(entry),
      write: (entry, how) => this.#writeOn(entry, how),
    });
    this.#panel = new HistoryPanel(this.#history, {
      restore: (entry) => void this.#restore(entry),
      compare: (entry) => void this.#compare(entry),
      call: (entry, name, note) => void this.#call(entry, name, note),
      forget: (entry) => void this.#forget(entry),
    });
    const main = h('main', {}, this.#composer.element, this.#examples, this.#continuing, this.#stage.element);
    this.element = h(
      'div',
      { class: 'sl-viewer sl-explorer' },
      h('header', { class: 'ex-head' }, h('h1', {}, 'Stratalens'), h('p', { class: 'ex-quiet' }, 'what each layer would say next')),
      h('div', { class: 'ex-body' }, main, this.#panel.element),
    );
    const darkness = new Darkness(this.#look);
    const paint = (): void => void (this.element.dataset['theme'] = darkness.dark ? 'dark' : 'light');
    darkness.signal.subscribe(paint);
    paint();
    // A closed tab needs no result: cancel the run.
    addEventListener('pagehide', () => this.#cancel());
  }

  /** Loads the list of models, and runs the prompt of the command line unless this tab has already run one. */
  async open(): Promise<void> {
    this.#composer.focus();
    // Before the first run of this page writes it anew.
    const written = sessionStorage.getItem(WRITTEN);
    try {
      const opening = await this.bridge.opening();
      this.#composer.offerStatistics(opening.statistics);
      this.#composer.offer(opening.models, opening.model);
      const { folder, runs } = await this.bridge.history();
      this.#history.addOlder(runs.map((run) => Entry.stored(run)));
      this.#panel.folder = folder;
      this.#panel.show([]);
      // What was typed meanwhile stays.
      const { isEmpty } = this.#composer;
      if (isEmpty && written !== null) this.#composer.value = JSON.parse(written) as RunForm;
      else if (isEmpty && opening.prompt !== undefined) {
        this.#composer.text = opening.prompt;
        void this.#run(this.#composer.value);
      }
      await this.#followLoading(opening);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Updates the states of models while some are loading. */
  async #followLoading(opening: Opening): Promise<void> {
    while (opening.models.some(({ state }) => state === 'loading')) {
      await new Promise((resolve) => setTimeout(resolve, LOADING_POLL_MS));
      opening = await this.bridge.opening();
      this.#composer.offer(opening.models, this.#composer.value.prompt.model);
    }
  }

  /** Runs the prompts of a template one after the other, and shows their last positions together. */
  async #runAll(form: RunForm, prompts: readonly Filled[]): Promise<void> {
    if (prompts.length < 2) return void (await this.#run({ ...form, prompt: { ...form.prompt, text: prompts[0]?.text ?? '' } }));
    const done: Entry[] = [];
    for (const { text, words } of prompts) {
      const entry = await this.#run({ ...form, prompt: { ...form.prompt, text } }, form);
      if (entry === undefined) return;
      void this.#call(entry, words, '');
      done.push(entry);
    }
    const gathered = done.map((entry, at): Gathered => ({ name: prompts[at]!.words, lens: entry.lens }));
    this.#continuing.replaceChildren();
    this.#stage.gather(form.prompt.text, new GatheredLens(gathered as [Gathered, ...Gathered[]]), (p) => void this.#restore(done[p]!));
    this.#panel.show([]);
    document.title = `${promptWords(form.prompt.text, 40)} · Stratalens`;
    this.#status.idle(`Done: ${done.length} prompts`);
  }

  /** Returns the entry of a run that ended well. `typed` is what the form had: a template for several runs. */
  async #run(form: RunForm, typed = form): Promise<Entry | undefined> {
    if (this.#running !== undefined) return undefined;
    this.#choices++;
    sessionStorage.setItem(WRITTEN, JSON.stringify(typed));
    const stop = new AbortController();
    this.#busy(stop, form.writing ? 'Stop' : 'Cancel');
    this.#composer.folded = true;
    this.#examples.hidden = true;
    this.#status.started();
    const began = performance.now();
    let id = '';
    let entry: Entry | undefined;
    try {
      const ended = await this.bridge.run(
        form,
        {
          started: (given) => (id = given),
          progress: (progress) => this.#status.progress(progress),
          begun: (lenses) => {
            const { model, tokens } = lenses[0].run;
            // Over a map that grows, the detail would hide what comes.
            const docked = form.writing ? { detail: 'docked' as const } : {};
            entry = new Entry(id, form, new Date(), model.name, tokens.length, { ...this.#stage.carried, ...docked }, lenses);
            if (form.writing === undefined) this.#show(entry);
          },
          wrote: (count, forced) => this.#wrote(entry!, count, forced),
          kept: (kept, trouble) => {
            entry!.kept = kept;
            this.#trouble = trouble ?? '';
          },
        },
        stop.signal,
      );
      this.#finished(entry!, ended, performance.now() - began);
      if (!this.#composer.settled) {
        const { models } = await this.bridge.opening(); // the run may have loaded a model
        this.#composer.offer(models, this.#composer.value.prompt.model);
      }
      return entry;
    } catch (error) {
      if (entry) entry.tokens = entry.lens.run.tokens.length;
      if (stop.signal.aborted) this.#canceled(entry);
      else this.#failed(error);
    } finally {
      this.#busy(undefined);
    }
    return undefined;
  }

  /** A form that cannot be run. */
  #refused(error: unknown): void {
    this.#status.failed({ code: 'INVALID_REQUEST', message: (error as Error).message, retryable: false });
  }

  /** Shows a text once its first token is there; it grows by itself. */
  #wrote(entry: Entry, count: number, forced: boolean): void {
    const { writing } = entry.form;
    if (count === 1) entry.begins = entry.tokens;
    entry.tokens++;
    if (forced) entry.forced = count;
    if (count === 1) this.#show(entry);
    this.#status.progress({ phase: 'writing', done: count, total: entry.forced + writing!.maxTokens });
  }

  /** Writes the text of an entry on, from one of its tokens, as the form's fields for texts say now. */
  #writeOn({ form }: Entry, { prompt: kept, ...begin }: Continuation): void {
    try {
      if (kept !== undefined) this.#composer.text = kept;
      const { writing } = this.#composer.writing(begin);
      void this.#run({ ...form, prompt: { ...form.prompt, text: kept ?? form.prompt.text }, writing: writing! });
    } catch (error) {
      this.#refused(error);
    }
  }

  #finished(entry: Entry, ended: Ended, milliseconds: number): void {
    entry.isEnded = ended.stopReason === 'end_token';
    this.#keep(entry);
    this.#continue(entry);
    const written = entry.begins === undefined ? '' : `${writtenWords(entry.written, ended)}.`;
    this.#status.idle(written === '' ? doneWords(entry.lens, milliseconds) : `Done: ${written}`, written);
  }

  /** What has arrived is kept. */
  #canceled(entry: Entry | undefined): void {
    if (entry && entry.lens.layersReady > 0) this.#keep(entry);
    const words = canceledWords(entry?.lens, entry?.written);
    this.#status.idle(words, words);
  }

  #keep(entry: Entry): void {
    const dropped = this.#history.add(entry).length;
    const notice = this.#trouble !== '' ? this.#trouble : dropped > 0 ? `The oldest ${dropped === 1 ? 'run was' : `${dropped} runs were`} dropped to save memory.` : '';
    this.#panel.show(this.#stage.shown, notice);
  }

  #cancel(): void {
    this.#running?.abort();
  }

  #busy(running: AbortController | undefined, cancel?: 'Cancel' | 'Stop'): void {
    this.#running = running;
    this.#composer.busy = cancel;
    this.element.toggleAttribute('data-busy', running !== undefined);
  }

  #failed(error: unknown): void {
    if (!(error instanceof BridgeError)) console.error(error);
    const message = `${String(error)} Reload the page. If the error comes back, report it.`;
    this.#composer.folded = false;
    this.#status.failed(error instanceof BridgeError ? error.failure : { code: 'INTERNAL', message, retryable: false });
  }

  #show(entry: Entry): void {
    this.#stage.show(entry);
    this.#continue(entry);
    this.#panel.show(this.#stage.shown);
    document.title = `${promptWords(entry.form.prompt.text, 40)} · Stratalens`;
  }

  async #restore(entry: Entry): Promise<void> {
    if (entry.form.change !== undefined) return this.#changeAgain(entry, entry.form.change);
    if (!(await this.#chosen(entry))) return;
    this.#show(entry);
    this.#composer.value = entry.form;
    this.#composer.folded = true;
    this.#status.say(`Showing ${entry.words}`);
  }

  /** Opens a changed pass as it was, from what its prompt was read as, which is computed if it is no longer there. */
  async #changeAgain(entry: Entry, change: ChangeForm): Promise<void> {
    const { change: _, ...form } = entry.form;
    const read = this.#history.entries.find((each) => each.isReading(form)) ?? (await this.#run(form));
    if (read === undefined || !(await this.#chosen(read))) return;
    this.#change(read, change);
    this.#panel.show([entry]);
  }

  #change(entry: Entry, change?: ChangeForm): void {
    const changes = new Changes(this.#history, this.#panel, this.bridge);
    this.#composer.value = entry.form;
    this.#composer.folded = true;
    this.#stage.change(
      entry,
      {
        close: () => void this.#restore(entry),
        read: async (form) => {
          const read = this.#history.entries.find((each) => each.isReading(form));
          return read !== undefined && (await this.#loaded(read)) ? read.lens : undefined;
        },
        ran: (ran) => changes.add(ran),
      },
      change,
    );
    this.#continuing.replaceChildren();
    this.#panel.show([]);
  }

  async #compare(entry: Entry): Promise<void> {
    const [first] = this.#stage.shown;
    if (first === undefined || !(await this.#chosen(entry))) return;
    this.#stage.compare(first, entry);
    this.#continuing.replaceChildren();
    this.#panel.show(this.#stage.shown);
    this.#status.say('Two results are shown side by side');
  }

  /** Loads the result of an entry that the reader chose; false if that fails, or if the reader has chosen something else meanwhile. */
  async #chosen(entry: Entry): Promise<boolean> {
    const choice = ++this.#choices;
    return (await this.#loaded(entry)) && choice === this.#choices;
  }

  /** Loads the result of an entry; if that fails, says why. */
  async #loaded(entry: Entry): Promise<boolean> {
    try {
      await entry.load((kept) => this.bridge.stored(kept));
      return true;
    } catch (error) {
      this.#panel.show(this.#stage.shown, `${entry.words} cannot be opened: ${(error as Error).message}`);
      return false;
    }
  }

  async #call(entry: Entry, name: string, note: string): Promise<void> {
    entry.call(name, note);
    if (this.#stage.shown.length === 1 && this.#stage.shown.includes(entry)) this.#show(entry);
    await this.#told(entry.kept === undefined ? undefined : this.bridge.call(entry.kept, name, note));
  }

  async #forget(entry: Entry): Promise<void> {
    this.#history.remove(entry.id);
    if (this.#stage.shown.includes(entry)) {
      this.#stage.clear();
      this.#continuing.replaceChildren();
    }
    await this.#told(entry.kept === undefined ? undefined : this.bridge.forget(entry.kept));
  }

  /** Draws the history once the bridge has done its part, or says why it did not. */
  async #told(done: Promise<void> | undefined): Promise<void> {
    let trouble = '';
    try {
      await done;
    } catch (error) {
      trouble = (error as Error).message;
    }
    this.#panel.show(this.#stage.shown, trouble);
  }

  /** Offers to write a prediction after the prompt. A chat is continued by its template alone. */
  #continue({ form, lens }: Entry): void {
    const go = (text: string) => {
      this.#composer.text = form.prompt.text + text;
      void this.#run({ ...form, prompt: { ...form.prompt, text: form.prompt.text + text } });
    };
    this.#continuing.replaceChildren(...[form.prompt.chat || form.writing ? undefined : continuation(lens, go)].filter((each) => each !== undefined));
  }

  #above(entry: Entry): HTMLElement {
    const times = h('span', { class: 'ex-quiet' }, timeFacts(entry.lens));
    // A changed pass reads the prompt, not what was written after it.
    const change = button('Change the pass', () => this.#change(entry), { title: 'Replace a row from another prompt, or steer toward a token, and compare' });
    return h('div', { class: 'ex-above' }, times, ...(entry.finished && entry.begins === undefined && entry.form.prompt.text !== '' ? [change] : []), ...(entry.finished ? [saveMenu(this.bridge, entry)] : []));
  }
}
