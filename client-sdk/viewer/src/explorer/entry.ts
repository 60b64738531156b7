import { GrowingLens } from '../lens/growing-lens.js';
import type { Lens } from '../lens/lens.js';
import type { ViewState } from '../state/view-state.js';
import type { PromptForm, RunForm, StoredRun } from './bridge.js';
import type { Kept } from './history.js';
import { changedWords, promptWords } from './words.js';

/** An entry of the history: the request, its result, its last view, and what the reader says of it. */
export class Entry implements Kept {
  /** Id of the run's file; undefined if it has none. */
  kept: string | undefined;
  name = '';
  note = '';
  /** Position of the first token that the model wrote; undefined if it only read. */
  begins: number | undefined;
  /** How many of the written tokens the request gave. */
  forced = 0;
  /** Whether the model ended the text: its last token is one that ends texts. */
  isEnded = false;
  #lenses: readonly Lens[] | undefined;

  constructor(
    readonly id: string,
    readonly form: RunForm,
    readonly at: Date,
    readonly model: string,
    public tokens: number,
    public view: Partial<ViewState>,
    lenses?: readonly Lens[],
  ) {
    this.#lenses = lenses;
    this.call('', '');
  }

  /** A run of an earlier page, which is in a file. */
  static stored({ id, at, name, note, model, tokens, written, ended, form }: StoredRun): Entry {
    const entry = new Entry(`file ${id}`, form, new Date(at), model, tokens, {});
    entry.kept = id;
    entry.call(name, note);
    entry.isEnded = ended;
    if (written > 0) entry.begins = tokens - written;
    entry.forced = form.writing?.forced?.length ?? 0;
    return entry;
  }

  /** How many of the tokens the model wrote. */
  get written(): number {
    return this.begins === undefined ? 0 : this.tokens - this.begins;
  }

  /** The result by lens, which must be loaded. */
  get lenses(): readonly Lens[] {
    if (this.#lenses === undefined) throw new RangeError('the result is not loaded');
    return this.#lenses;
  }

  /** The first lens of the result. */
  get lens(): Lens {
    return this.lenses[0]!;
  }

  /** Loads the result, if it is not here. */
  async load(read: (kept: string) => Promise<readonly Lens[]>): Promise<void> {
    this.#lenses ??= await read(this.kept!);
  }

  /** What the list and titles call it. */
  get words(): string {
    return this.name || promptWords(this.form.prompt.text) || (this.kept ?? '');
  }

  /** Gives it a name, which its view has, too, and a note. */
  call(name: string, note: string): void {
    [this.name, this.note] = [name, note];
    this.view = { ...this.view, ...this.titled };
  }

  /** What its view is called; nothing if only its result can tell. */
  get titled(): Pick<Partial<ViewState>, 'title'> {
    const title = this.name || promptWords(this.form.prompt.text, 200);
    return title === '' ? {} : { title };
  }

  /** Whether it is what a model reads of a prompt, as a form asks for it: nothing is written or changed. */
  isReading({ prompt, layers, positions }: RunForm): boolean {
    const { form } = this;
    // A form that is sent before the page knows the models names none.
    const said = (of: PromptForm): string => JSON.stringify([of.model || this.model, of.text, of.chat, of.system, of.earlier.map(({ role, content }) => [role, content])]);
    return this.finished && this.begins === undefined && form.change === undefined && said(form.prompt) === said(prompt) && form.layers === layers && form.positions === positions;
  }

  /** Whether the result is complete. */
  get finished(): boolean {
    return this.#lenses === undefined || this.lens.outcome !== undefined;
  }

  /** What came before the run was canceled, in words; nothing of a whole one. */
  get part(): string {
    if (this.form.writing !== undefined) return `${this.written} written${this.finished ? '' : ', stopped'}`;
    return this.finished ? '' : `canceled, ${this.lens.layersReady} of ${this.lens.run.layers.length} layers`;
  }

  get bytes(): number {
    return (this.#lenses ?? []).reduce((sum, lens) => sum + bytesOf(lens), 0);
  }

  /** Lets the numbers go, if they can be read again. */
  release(): boolean {
    if (this.kept === undefined) return false;
    this.#lenses = undefined;
    return true;
  }

  /** Whether it has all of these words, in its name, note, prompt or model. */
  has(typed: string): boolean {
    const all = [this.name, this.note, this.form.prompt.text, ...this.form.prompt.earlier.map(({ content }) => content), this.model, this.kept ?? '', changedWords(this.form.change)].join('\n').toLowerCase();
    return typed.toLowerCase().split(/\s+/).every((word) => all.includes(word));
  }
}

function bytesOf(lens: Lens): number {
  if (lens instanceof GrowingLens) return lens.bytes;
  const { layers, positions, k, statistics, targets } = lens.run;
  return 4 * layers.length * positions.length * (2 * k + statistics.length + 2 * targets.length);
}
