import { h } from '../dom.js';
import { shortText } from '../lens/names.js';
import type { Bridge, PromptForm, Tokenization } from './bridge.js';

const PAUSE_MS = 150;

/** Largest number of drawn tokens; more would slow down typing. */
const DRAWN = 400;

/** Shows the tokens of the typed prompt, soon after typing stops. A click on one follows it as a target. */
export class TokenStrip {
  readonly element = h('div', { class: 'ex-tokens' });
  readonly #list = h('ol', { 'aria-label': 'Tokens of the prompt' });
  readonly #count = h('p', { class: 'ex-quiet' });
  #timer: number | undefined;
  #asked = new AbortController();

  constructor(
    readonly bridge: Bridge,
    readonly pick: (id: number) => void,
  ) {
    this.element.append(this.#list, this.#count);
  }

  /** Shows the tokens of a prompt; an earlier request is dropped. */
  follow(prompt: PromptForm): void {
    window.clearTimeout(this.#timer);
    this.#asked.abort();
    if (prompt.text === '') this.#show('', []);
    else this.#timer = window.setTimeout(() => void this.#ask(prompt), PAUSE_MS);
  }

  async #ask(prompt: PromptForm): Promise<void> {
    const asked = (this.#asked = new AbortController());
    try {
      const tokenization = await this.bridge.tokenize(prompt, asked.signal);
      if (!asked.signal.aborted) this.#show(countWords(tokenization), tokenization.tokens);
    } catch (error) {
      if (!asked.signal.aborted) this.#show(`No tokens: ${(error as Error).message}`, []);
    }
  }

  #show(words: string, tokens: Tokenization['tokens']): void {
    this.#list.replaceChildren(
      ...tokens
        .slice(0, DRAWN)
        .map(({ id, raw, text }, p) => {
          const token = h('button', { type: 'button', title: `position ${p}, id ${id}, ${raw}. Click to follow it as a target.` }, shortText(text));
          token.addEventListener('click', () => this.pick(id));
          return h('li', {}, token);
        }),
    );
    this.#count.textContent = tokens.length > DRAWN ? `${words} The first ${DRAWN} are shown.` : words;
    this.element.classList.toggle('ex-empty', words === '');
  }
}

function countWords({ tokens, contextLength }: Tokenization): string {
  const count = `${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'}`;
  return tokens.length > contextLength
    ? `${count}: too long, this model reads up to ${contextLength}.`
    : `${count} of up to ${contextLength}.`;
}
