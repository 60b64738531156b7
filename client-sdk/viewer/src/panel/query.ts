import type { Token } from '../lens/lens.js';
import { visibleText } from '../lens/visible-text.js';

/** Whether a token is one that is looked for. */
export type Query = (token: Token) => boolean;

/**
 * What was typed, as a question to a token: `id:464` means an id, a text in quotes the whole token with its white space,
 * anything else a part of its text as it is or as it is shown. Undefined where nothing is asked.
 */
export function queryOf(typed: string, caseMatters: boolean): Query | undefined {
  const id = /^\s*id:\s*(\d+)\s*$/.exec(typed);
  if (id) return (token) => token.id === Number(id[1]);
  const fold = (text: string) => (caseMatters ? text : text.toLowerCase());
  const quoted = /^\s*(["“”])(.+)["“”]\s*$/.exec(typed)?.[2];
  if (quoted !== undefined) return ({ text }) => [text, visibleText(text)].some((each) => fold(each) === fold(quoted));
  const wanted = fold(typed.trim() === '' ? '' : typed);
  if (wanted === '') return undefined;
  return ({ text }) => fold(text).includes(wanted) || fold(visibleText(text)).includes(wanted);
}
