import type { PromptToken, Token } from '../result/token.js';

const UTF8 = new TextEncoder();

/** A prompt and what is generated after it, with the place of each token. */
export class GrowingText {
  readonly tokens: PromptToken[];
  #length: number;
  /** Tokens at the end that are fragments of a character that is not complete. */
  #fragments = 0;

  /** @param text undefined if the prompt was given as ids */
  constructor(public text: string | undefined, tokens: readonly PromptToken[]) {
    this.tokens = [...tokens];
    this.#length = UTF8.encode(text ?? '').length;
  }

  /** Adds a token; fragments of one character share its range. */
  add(token: Token, completed: string): void {
    if (this.text === undefined) {
      this.tokens.push({ ...token, start: undefined, end: undefined });
      return;
    }
    const start = this.#length;
    const end = (this.#length += UTF8.encode(completed).length);
    this.text += completed;
    this.tokens.push({ ...token, start, end });
    if (completed === '') {
      this.#fragments++;
      return;
    }
    for (let at = this.tokens.length - 1 - this.#fragments; at < this.tokens.length; at++) this.tokens[at] = { ...this.tokens[at]!, start, end };
    this.#fragments = 0;
  }
}
