import { Darkness } from '../color/theme.js';
import { h } from '../dom.js';
import { DEFAULT_VIEW } from '../state/default-view.js';
import { Store } from '../state/store.js';
import { BridgeError, type Bridge, type Opening, type RunForm } from './bridge.js';
import { Composer } from './composer.js';
import { Entry } from './entry.js';
import { examples } from './examples.js';
import { HistoryPanel } from './history-panel.js';
import { History } from './history.js';
import { saveMenu } from './save-menu.js';
import { Stage } from './stage.js';
import { Status } from './status.js';
import { canceledWords, doneWords, promptWords, timeFacts } from './words.js';

const RUNS = 20;
const BYTES = 512 * 1024 * 1024;
const LOADING_POLL_MS = 400;

/** The last prompt of this tab; a reload starts with it. */
const WRITTEN = 'stratalens.written';

interface Running {
  /** Its id at the bridge, once known. */
  id: string;
  readonly stop: AbortController;
}

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
  readonly element: HTMLElement;
  #running: Running | undefined;

  constructor(readonly bridge: Bridge) {
    this.#composer = new Composer(bridge, { run: (form) => void this.#run(form), cancel: () => this.#cancel() }, this.#status.element);
    this.#stage = new Stage({
      above: (entry) => this.#above(entry),
      themed: (theme) => this.#look.update({ theme }),
      single: (entry) => this.#restore(entry),
    });
    this.#panel = new HistoryPanel(this.#history, {
      restore: (entry) => this.#restore(entry),
      compare: (entry) => this.#compare(entry),
      forget: (entry) => this.#forget(entry),
    });
    const main = h('main', {}, this.#composer.element, this.#examples, this.#stage.element);
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
    try {
      const opening = await this.bridge.opening();
      this.#composer.offerStatistics(opening.statistics);
      this.#composer.offer(opening.models, opening.model);
      const written = sessionStorage.getItem(WRITTEN);
      if (written !== null) this.#composer.value = JSON.parse(written) as RunForm;
      else if (opening.prompt !== undefined) {
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

  async #run(form: RunForm): Promise<void> {
    if (this.#running !== undefined) return;
    sessionStorage.setItem(WRITTEN, JSON.stringify(form));
    const running: Running = { id: '', stop: new AbortController() };
    this.#busy(running);
    this.#composer.folded = true;
    this.#examples.hidden = true;
    this.#status.started();
    const began = performance.now();
    let entry: Entry | undefined;
    try {
      await this.bridge.run(
        form,
        {
          started: (id) => (running.id = id),
          progress: (progress) => this.#status.progress(progress),
          begun: (lens) => {
            const title = promptWords(form.prompt.text, 200);
            entry = new Entry(running.id, form, lens, new Date(), { ...this.#stage.carried, title });
            this.#show(entry);
          },
        },
        running.stop.signal,
      );
      this.#finished(entry!, performance.now() - began);
      if (!this.#composer.settled) {
        const { models } = await this.bridge.opening(); // the run may have loaded a model
        this.#composer.offer(models, this.#composer.value.prompt.model);
      }
    } catch (error) {
      if (running.stop.signal.aborted) this.#canceled(entry);
      else this.#failed(error);
    } finally {
      this.#busy(undefined);
    }
  }

  #finished(entry: Entry, milliseconds: number): void {
    this.#keep(entry);
    this.#status.idle(doneWords(entry.lens, milliseconds));
  }

  /** What has arrived is kept. */
  #canceled(entry: Entry | undefined): void {
    if (entry && entry.lens.layersReady > 0) this.#keep(entry);
    const words = canceledWords(entry?.lens);
    this.#status.idle(words, words);
  }

  #keep(entry: Entry): void {
    const dropped = this.#history.add(entry).length;
    const notice = dropped > 0 ? `The oldest ${dropped === 1 ? 'run was' : `${dropped} runs were`} dropped to save memory.` : '';
    this.#panel.show(this.#stage.shown, notice);
  }

  #cancel(): void {
    if (this.#running === undefined) return;
    if (this.#running.id !== '') this.bridge.cancel(this.#running.id);
    this.#running.stop.abort();
  }

  #busy(running: Running | undefined): void {
    this.#running = running;
    this.#composer.busy = running !== undefined;
  }

  #failed(error: unknown): void {
    if (!(error instanceof BridgeError)) console.error(error);
    const message = `${String(error)} Reload the page. If the error comes back, report it.`;
    this.#composer.folded = false;
    this.#status.failed(error instanceof BridgeError ? error.failure : { code: 'INTERNAL', message, retryable: false });
  }

  #show(entry: Entry): void {
    this.#stage.show(entry);
    this.#panel.show(this.#stage.shown);
    document.title = `${promptWords(entry.form.prompt.text, 40)} · Stratalens`;
  }

  #restore(entry: Entry): void {
    this.#show(entry);
    this.#composer.value = entry.form;
    this.#composer.folded = true;
    this.#status.say(`Showing ${promptWords(entry.form.prompt.text)}`);
  }

  #compare(entry: Entry): void {
    const [first] = this.#stage.shown;
    if (first === undefined) return;
    this.#stage.compare(first, entry);
    this.#panel.show(this.#stage.shown);
    this.#status.say('Two results are shown side by side');
  }

  #forget(entry: Entry): void {
    this.#history.remove(entry.id);
    if (this.#stage.shown.includes(entry)) this.#stage.clear();
    this.#panel.show(this.#stage.shown);
  }

  #above(entry: Entry): HTMLElement {
    const times = h('span', { class: 'ex-quiet' }, timeFacts(entry.lens));
    return h('div', { class: 'ex-above' }, times, ...(entry.finished ? [saveMenu(this.bridge, entry)] : []));
  }
}
