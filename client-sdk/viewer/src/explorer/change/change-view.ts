import { button, choice, field, messageOf } from '../../controls.js';
import { h } from '../../dom.js';
import { download, fileName } from '../../export/download.js';
import type { Lens } from '../../lens/lens.js';
import { decimal } from '../../lens/numbers.js';
import { mountPair, type PairViewer } from '../../pair/pair-viewer.js';
import type { CellAddress, ViewState } from '../../state/view-state.js';
import { BridgeError, type Bridge, type ChangeForm, type Ended, type RunForm, type RunListener } from '../bridge.js';
import type { Entry } from '../entry.js';
import { failureWords, progressWords } from '../words.js';
import { changeWords, effectWords } from './effect-words.js';
import type { Ran } from './changes.js';
import { Latest } from './latest.js';
import { PickMap } from './pick-map.js';

/** Time without a move of the slider, or without a pick, before a pass is computed. */
const PAUSE_MS = 150;

/** What is around the view. */
export interface Surroundings {
  close(): void;
  /** What a form's prompt was read as before, if it was. */
  read(form: RunForm): Promise<Lens | undefined>;
  /** Is told of each pass that was computed. */
  ran(ran: Ran): void;
}

type Kind = 'replace' | 'steer';

const KINDS = [['replace', 'Replace a row from another prompt'], ['steer', 'Steer toward a token']] as const;

/**
 * Changes a pass and shows what moves: a row of another prompt replaces one of this prompt, or the direction of a token is added.
 * Rows are picked in maps. Each pick and each move of the slider computes the pass again and drops the one before.
 */
export class ChangeView {
  readonly element: HTMLElement;
  readonly #bridge: Bridge;
  readonly #entry: Entry;
  readonly #around: Surroundings;
  readonly #kind = choice('Change', (kind) => this.#show(kind as Kind));
  readonly #source = h('input', { size: 36, placeholder: 'The capital of Italy is', spellcheck: 'false' });
  readonly #sourceBar: HTMLElement;
  readonly #token = h('input', { size: 14, spellcheck: 'false', placeholder: ' Rome' });
  readonly #strength = h('input', { type: 'range', min: -4, max: 4, step: 0.25 });
  readonly #strengthSaid = h('output');
  readonly #everywhere = h('input', { type: 'checkbox' });
  readonly #steerBar: HTMLElement;
  readonly #maps = h('div', { class: 'ex-picks' });
  readonly #said = h('p', { class: 'ex-change-said', role: 'status' });
  /** How a pass that takes its time goes; not spoken. */
  readonly #progress = h('span', { class: 'ex-quiet' });
  readonly #failure = h('p', { class: 'ex-failure', role: 'alert', hidden: true });
  readonly #save = button('Save as HTML', () => void this.#saveAs(), { hidden: true });
  readonly #result = h('div', { class: 'ex-change-result' });
  readonly #target: PickMap;
  readonly #reading = new Latest(0);
  readonly #changing = new Latest(PAUSE_MS);
  readonly #leave = new AbortController();
  #from: PickMap | undefined;
  #shown: PairViewer | undefined;
  /** Id of the run that is shown. */
  #run = '';

  /** @param change what to begin with */
  constructor(bridge: Bridge, entry: Entry, around: Surroundings, change?: ChangeForm) {
    this.#bridge = bridge;
    this.#entry = entry;
    this.#around = around;
    const kind = change?.steering ? 'steer' : 'replace';
    const first = this.#firstCell();
    this.#kind.show(KINDS, kind);
    this.#target = new PickMap('Row to change', entry.lens, { ...first, ...change }, this.#theme, () => this.#ask());
    this.#sourceBar = h('form', { class: 'ex-bar' }, field('Prompt to take the row from', this.#source), h('button', { type: 'submit' }, 'Read'));
    this.#sourceBar.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#read();
    });
    this.#token.value = change?.steering?.token ?? this.#secondBest();
    this.#strength.value = String(change?.steering?.strength ?? 1);
    this.#strengthSaid.textContent = decimal(Number(this.#strength.value));
    this.#everywhere.checked = change !== undefined && change.position === undefined;
    this.#source.value = change?.replacement?.prompt.text ?? '';
    this.#steerBar = h(
      'div',
      { class: 'ex-bar' },
      field('Token', this.#token),
      field('Strength, as a share of the row', this.#strength),
      this.#strengthSaid,
      h('label', { class: 'ex-check' }, this.#everywhere, 'at every token'),
    );
    this.#steerBar.addEventListener('input', () => {
      this.#strengthSaid.textContent = decimal(Number(this.#strength.value));
      this.#ask();
    });
    this.#maps.append(this.#target.element);
    this.element = h(
      'section',
      { class: 'ex-change', 'aria-label': 'Change the pass' },
      h('div', { class: 'ex-bar' }, h('h2', {}, 'Change the pass'), h('span', { class: 'ex-push' }), button('Close', () => around.close())),
      h('div', { class: 'ex-bar ex-change-how' }, this.#kind.element, this.#sourceBar, this.#steerBar),
      this.#maps,
      h('div', { class: 'ex-bar' }, this.#said, this.#progress, this.#save),
      this.#failure,
      this.#result,
    );
    addEventListener('pagehide', () => this.#cancel(), { signal: this.#leave.signal });
    this.#show(kind);
    if (change?.replacement) this.#read(change.replacement);
  }

  dispose(): void {
    this.#leave.abort();
    this.#cancel();
    this.#from?.dispose();
    this.#target.dispose();
    this.#shown?.dispose();
    this.element.remove();
  }

  #cancel(): void {
    this.#reading.cancel();
    this.#changing.cancel();
  }

  get #theme(): ViewState['theme'] {
    return this.#entry.view.theme ?? 'auto';
  }

  get #isSteering(): boolean {
    return this.#sourceBar.hidden === true;
  }

  #show(kind: Kind): void {
    this.#sourceBar.hidden = kind === 'steer';
    this.#steerBar.hidden = kind === 'replace';
    if (this.#from) this.#from.element.hidden = kind === 'steer';
    this.#maps.classList.toggle('ex-two', kind === 'replace' && this.#from !== undefined);
    this.#ask();
  }

  /** The selected cell of the result; a block of the middle in place of the last one, after which nothing can move. */
  #firstCell(): CellAddress {
    const { run } = this.#entry.lens;
    const blocks = run.layers.filter((layer) => layer >= 0 && Number.isInteger(layer));
    const { selected } = this.#entry.view;
    const layer = blocks.slice(0, -1).find((block) => block === selected?.layer) ?? blocks[Math.floor(blocks.length / 2)] ?? 0;
    return { layer, position: selected?.position ?? run.positions.at(-1)! };
  }

  /** A token that the model holds for possible, to begin with. */
  #secondBest(): string {
    const { lens } = this.#entry;
    const { run } = lens;
    if (run.k < 2) return '';
    const { id, text } = lens.prediction(run.layers.length - 1, run.positions.length - 1, 1).token;
    return /^ ?\p{L}+$/u.test(text) ? text : `id:${id}`;
  }

  /** What every pass here is asked for: one lens, all tokens. */
  get #form(): RunForm {
    const { lenses, switches, writing: _, ...form } = this.#entry.form;
    return { ...form, lenses: lenses.slice(0, 1), switches: switches.filter((each) => each === 'EMBEDDING') };
  }

  /** Reads the prompt that a row is taken from, and shows its map. */
  #read(picked?: CellAddress): void {
    this.#reading.ask(async (signal) => {
      const form = { ...this.#form, positions: 'all', prompt: { ...this.#form.prompt, text: this.#source.value } };
      const lens = (await this.#around.read(form)) ?? (await this.#compute(form, signal))?.lenses[0];
      if (lens === undefined || signal.aborted) return;
      const layer = this.#target.picked?.layer ?? this.#firstCell().layer;
      this.#from?.dispose();
      this.#from = new PickMap('Row to take', lens, picked ?? { layer, position: lens.run.positions.at(-1)! }, this.#theme, () => this.#ask());
      this.#maps.prepend(this.#from.element);
      this.#show('replace');
    });
  }

  /** The change that is set now, or what is missing. */
  #change(): ChangeForm | string {
    const cell = this.#target.picked;
    if (cell === undefined) return 'Pick the row to change: a cell of a block.';
    if (this.#isSteering) {
      if (this.#token.value === '') return 'Type the token to steer toward.';
      const steering = { token: this.#token.value, strength: Number(this.#strength.value) };
      return this.#everywhere.checked ? { layer: cell.layer, steering } : { ...cell, steering };
    }
    if (this.#from === undefined) return 'Type another prompt and read it; then pick one of its rows, and the row that it replaces.';
    const row = this.#from.picked;
    if (row === undefined) return 'Pick the row to take: a cell of a block.';
    return { ...cell, replacement: { prompt: { ...this.#form.prompt, text: this.#from.lens.run.prompt ?? this.#source.value }, ...row } };
  }

  #ask(): void {
    const change = this.#change();
    if (typeof change === 'string') {
      this.#changing.cancel();
      this.#said.textContent = change;
      return;
    }
    this.#changing.ask(async (signal) => {
      const ended = await this.#compute({ ...this.#form, change }, signal);
      if (ended !== undefined) this.#showChanged(change, ended);
    });
  }

  #showChanged(change: ChangeForm, { lenses: [changed, unchanged], metrics = [] }: Ended): void {
    const words = changeWords(change, this.#entry.lens, this.#from?.lens);
    this.#said.textContent = `${words}. ${effectWords(changed, metrics, change.steering)}`;
    // What is below must not jump while the views are replaced.
    this.#result.style.minHeight = `${this.#result.offsetHeight}px`;
    const before = this.#shown?.stores.map(({ state }) => state);
    this.#shown?.dispose();
    const selected = { layer: changed.run.layers.at(-1)!, position: changed.run.positions.at(-1)! };
    const shown = (lens: Lens, title: string, at: number) => ({ lens, initial: { ...(before?.[at] ?? { theme: this.#theme, selected }), title } });
    this.#shown = mountPair(this.#result, shown(unchanged!, 'Unchanged', 0), shown(changed, words, 1));
    this.#result.style.minHeight = '';
    this.#save.hidden = false;
  }

  /** Computes a pass; tells what goes wrong. Undefined if it failed or another one is wanted. */
  async #compute(form: RunForm, signal: AbortSignal): Promise<Ended | undefined> {
    let [id, trouble] = ['', ''];
    let kept: string | undefined;
    const listener: RunListener = { started: (given) => (id = given), progress: (progress) => (this.#progress.textContent = progressWords(progress)), begun: () => undefined, wrote: () => undefined, kept: (file, why) => ([kept, trouble] = [file, why ?? '']) };
    this.element.setAttribute('aria-busy', 'true');
    try {
      const ended = await this.#bridge.run(form, listener, signal);
      if (signal.aborted) return undefined;
      this.#failed('');
      if (form.change) this.#run = id;
      this.#around.ran({ id, form, lenses: ended.lenses, kept, trouble });
      return ended;
    } catch (error) {
      if (!signal.aborted) this.#failed(error instanceof BridgeError ? failureWords(error.failure) : messageOf(error));
      return undefined;
    } finally {
      if (!signal.aborted) {
        this.element.removeAttribute('aria-busy');
        this.#progress.textContent = '';
      }
    }
  }

  #failed(words: string): void {
    this.#failure.textContent = words;
    this.#failure.hidden = words === '';
  }

  async #saveAs(): Promise<void> {
    try {
      download(fileName(`${this.#entry.form.prompt.text} changed`, 'html'), await this.#bridge.file(this.#run, 'lens.html'));
      this.#failed('');
    } catch (error) {
      this.#failed(`Not saved: ${messageOf(error)}`);
    }
  }
}
