import { h } from '../dom.js';
import { button, choice, field } from '../controls.js';
import type { Bridge, PromptForm, RunForm, ServedModel } from './bridge.js';
import { Conversation } from './conversation.js';
import { OptionFields } from './options.js';
import { variablesOf, type Filled } from './template.js';
import { Places } from './places.js';
import { WritingFields } from './writing-fields.js';
import { TokenStrip } from './token-strip.js';
import { Variables } from './variables.js';
import type { WireStatistic } from './wire.js';
import { formWords, promptWords } from './words.js';
import type { Continuation } from './written-text.js';

export interface Actions {
  /** Runs a request; of a template, one for each of its prompts. */
  run(form: RunForm, prompts: readonly Filled[]): void;
  /** Has the model write after the prompt. */
  write(form: RunForm): void;
  failed(error: unknown): void;
  cancel(): void;
}

/** The form of a request: prompt, model, options. After it has run, it folds to one line and leaves the page to the result. */
export class Composer {
  readonly #prompt = h('textarea', { rows: 2, placeholder: 'The capital of France is', 'aria-describedby': 'ex-keys' });
  readonly #model = choice('Model', () => this.#chosen());
  readonly #chat = h('input', { type: 'checkbox' });
  readonly #chatLabel = h('label', { class: 'ex-check', hidden: true }, this.#chat, 'as a chat message');
  readonly #system = h('input', { placeholder: 'Be brief.' });
  readonly #systemField = field('System message', this.#system);
  readonly #conversation = new Conversation();
  readonly #options = new OptionFields();
  readonly #writing = new WritingFields();
  readonly #variables = new Variables();
  readonly #places: Places;
  readonly #more: HTMLDetailsElement;
  readonly #run: HTMLButtonElement;
  readonly #write: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #tokens: TokenStrip;
  readonly #editor: HTMLElement;
  readonly #edit: HTMLButtonElement;
  readonly element: HTMLFormElement;
  #models: readonly ServedModel[] = [];
  #modelName = '';

  /** `status` tells how the run goes; it shares the line of the folded form. */
  constructor(bridge: Bridge, actions: Actions, status: HTMLElement) {
    this.#places = new Places(bridge);
    this.#more = h('details', {}, h('summary', {}, 'Options'), this.#options.element, this.#writing.element, this.#places.element);
    this.#more.addEventListener('toggle', () => this.#showPlaces());
    this.#tokens = new TokenStrip(bridge, (id) => {
      this.#options.follow(id);
      this.#more.open = true;
    });
    this.#run = h('button', { type: 'submit', class: 'ex-primary' }, 'Run');
    this.#write = button('Generate', () => {
      try {
        actions.write(this.writing());
      } catch (error) {
        actions.failed(error);
      }
    }, { title: 'Have the model write on after the prompt' });
    this.#cancel = button('Cancel', () => actions.cancel());
    this.#cancel.hidden = true;
    this.#edit = button('', () => (this.folded = false));
    this.#edit.className = 'ex-edit';
    this.#editor = h(
      'div',
      { class: 'ex-editor' },
      this.#conversation.element,
      h('label', { class: 'ex-prompt' }, h('span', { class: 'ex-quiet' }, 'Prompt'), this.#prompt),
      this.#variables.element,
      this.#tokens.element,
      h(
        'div',
        { class: 'ex-bar' },
        this.#model.element,
        this.#chatLabel,
        this.#systemField,
        h('span', { class: 'ex-push' }),
        h('span', { class: 'ex-quiet', id: 'ex-keys' }, 'Ctrl+Enter runs, Esc cancels'),
        this.#write,
        this.#run,
      ),
      this.#more,
    );
    const line = h('div', { class: 'ex-line' }, this.#edit, status, this.#cancel);
    this.element = h('form', { class: 'ex-composer', 'aria-label': 'Prompt and options' }, this.#editor, line);
    this.folded = false;
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#run.disabled) return;
      try {
        actions.run(this.value, this.#variables.fill(this.#prompt.value));
      } catch (error) {
        actions.failed(error);
      }
    });
    this.element.addEventListener('input', () => this.#changed());
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.element.requestSubmit();
      } else if (event.key === 'Escape') actions.cancel();
    });
    this.#changed();
  }

  /** The contents of the form. */
  get value(): RunForm {
    return { prompt: this.#promptForm(), ...this.#options.value };
  }

  /** Whether no prompt is typed. */
  get isEmpty(): boolean {
    return this.#prompt.value === '';
  }

  /** The contents of the form for a text, which begins as given. */
  writing(begin: Continuation | undefined = undefined): RunForm {
    const [name] = variablesOf(this.#prompt.value);
    if (name !== undefined) throw new RangeError(`A text is written after one prompt. Put a value in place of {${name}}, or choose Run.`);
    return { ...this.value, writing: { ...this.#writing.value, ...begin } };
  }

  set value({ prompt, writing, ...options }: RunForm) {
    if (writing) this.#writing.value = writing;
    this.#prompt.value = prompt.text;
    this.#chat.checked = prompt.chat;
    this.#system.value = prompt.system;
    this.#conversation.value = prompt.earlier;
    this.#options.value = options;
    if (this.#models.some(({ name }) => name === prompt.model)) this.#modelName = prompt.model;
    this.offer(this.#models, this.#modelName);
  }

  /** Sets the statistics to choose from; called once. */
  offerStatistics(statistics: readonly WireStatistic[]): void {
    this.#options.offer(statistics);
  }

  set text(text: string) {
    this.#prompt.value = text;
    this.#changed();
  }

  /** Sets the models to choose from; `name` is selected if it exists. */
  offer(models: readonly ServedModel[], name: string): void {
    this.#models = models;
    this.#modelName = models.some((model) => model.name === name) ? name : (models[0]?.name ?? '');
    this.#model.show(
      models.map((model) => [model.name, stateWords(model)] as const),
      this.#modelName,
    );
    this.#changed();
  }

  /** What the button says that ends the running request, which must end before the next; undefined if none runs. */
  set busy(cancel: 'Cancel' | 'Stop' | undefined) {
    this.#run.disabled = this.#write.disabled = cancel !== undefined;
    this.#cancel.hidden = cancel === undefined;
    if (cancel !== undefined) this.#cancel.textContent = cancel;
  }

  /** Whether one line stands for the form; a click on it unfolds the form again. */
  set folded(folded: boolean) {
    const hadFocus = this.element.contains(document.activeElement);
    this.#edit.hidden = !folded;
    this.#editor.hidden = folded;
    this.#edit.replaceChildren(
      h('span', { class: 'ex-edit-prompt' }, promptWords(this.#prompt.value, 200)),
      h('span', { class: 'ex-quiet' }, formWords(this.value)),
      h('span', { class: 'ex-edit-verb' }, 'Edit'),
    );
    if (hadFocus) (folded ? this.#edit : this.#prompt).focus();
  }

  /** Whether every model is loaded or has failed, so that no state changes by itself. */
  get settled(): boolean {
    return this.#models.every(({ state }) => state === 'ready' || state === 'failed');
  }

  focus(): void {
    this.#prompt.focus();
  }

  #promptForm(): PromptForm {
    const chat = this.#chat.checked && !this.#chatLabel.hidden;
    return { model: this.#modelName, text: this.#prompt.value, chat, system: chat ? this.#system.value : '', earlier: chat ? this.#conversation.value : [] };
  }

  /** Free memory changes, so it is asked for when it is seen. */
  #showPlaces(): void {
    if (this.#more.open) void this.#places.show(this.#modelName);
  }

  #chosen(): void {
    this.#modelName = this.#model.element.querySelector('select')!.value;
    this.#showPlaces();
    this.#changed();
  }

  #changed(): void {
    const model = this.#models.find(({ name }) => name === this.#modelName);
    this.#chatLabel.hidden = model?.hasChatTemplate !== true;
    this.#systemField.hidden = this.#conversation.element.hidden = this.#chatLabel.hidden || !this.#chat.checked;
    this.#options.offerLenses(model?.lenses ?? []);
    this.#variables.follow(this.#prompt.value);
    // A request to a model that is not loaded waits for its loading.
    if (model?.state === 'ready') this.#tokens.follow(this.#promptForm());
  }
}

function stateWords({ name, state }: ServedModel): string {
  switch (state) {
    case 'loading':
      return `${name} (loading)`;
    case 'failed':
      return `${name} (cannot be loaded)`;
    case 'not_loaded':
      return `${name} (loads on demand)`;
    default:
      return name;
  }
}
