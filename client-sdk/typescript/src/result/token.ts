/** A vocabulary entry. Two ids are two tokens, even where their texts are equal. */
export interface Token {
  readonly id: number;
  /** The entry as the vocabulary spells it, for example `ĠParis`. */
  readonly raw: string;
  /** What it stands for, for example ` Paris`. Bytes that are no whole character are written as `<0xE6>`. */
  readonly text: string;
}

/** A token of the prompt with its range of bytes in the prompt's UTF-8 text; undefined if ids were sent. */
export interface PromptToken extends Token {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** A token with its log-probability, in nats. */
export interface Prediction {
  readonly token: Token;
  readonly logProb: number;
}

/** The probability of a prediction, 0 .. 1. */
export function probability(prediction: Prediction): number {
  return Math.exp(prediction.logProb);
}

const SHOWN: Readonly<Record<string, string>> = { ' ': '·', '\n': '⏎', '\t': '→', '\u00a0': '⍽', '\r': '\\r' };

/** A token's text on one line, with nothing invisible: a space is `·`, a line feed `⏎`, a tab `→`. */
export function display(token: Token): string {
  const carrier = /^\p{M}/u.test(token.text) ? '◌' : ''; // or the mark combines with what stands before
  return carrier + [...token.text].map((character) => SHOWN[character] ?? visible(character)).join('');
}

function visible(character: string): string {
  if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Cs}]/u.test(character)) return character;
  return [...Array(character.length).keys()].map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
