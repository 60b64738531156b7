import type { Token } from '../lens/lens.js';
import { visibleText } from '../lens/visible-text.js';

/** Whether a token matches. */
export type Query = (token: Token) => boolean;

/**
 * A query as typed: `id:464` is an id, a text in quotes the whole token with its white space, anything else a part of
 * the token's text or of its shown form. Undefined if the query is empty.
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
