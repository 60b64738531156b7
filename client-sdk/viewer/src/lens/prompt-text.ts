import type { Run } from './lens.js';
import { visibleText } from './visible-text.js';

/** More of a text than any place shows; a token may have ten thousand characters. */
const LONGEST = 200;

const prompts = new WeakMap<Run, readonly [prompt: string, bytes: Uint8Array]>();

/**
 * The visible text of a prompt token. Tokens that share a character have the character with their part of it: `国 1/2`. Without
 * the prompt or the token's place in it, the text that the vocabulary has.
 */
export function promptText(run: Run, position: number): string {
  const token = run.tokens[position];
  if (token === undefined) return '';
  const bytes = bytesOf(run);
  const { start, end } = token;
  if (bytes === undefined || start === undefined || end === undefined || sharers(run, position, start, end).length === 1) {
    return visibleText(token.text.slice(0, LONGEST));
  }
  let text = '';
  for (let from = start; from < end && text.length < LONGEST; ) {
    const to = characterEnd(bytes, from);
    const character = visibleText(new TextDecoder().decode(bytes.subarray(from, to)));
    const sharing = sharers(run, position, from, to);
    text += sharing.length === 1 ? character : `${text === '' ? '' : ' '}${character} ${sharing.indexOf(position) + 1}/${sharing.length}`;
    from = to;
  }
  return text;
}

/** The text of the prompt up to and with a token; undefined if that is empty, not known, or ends inside of a character. */
export function promptUpTo(run: Run, position: number): string | undefined {
  const bytes = bytesOf(run);
  const end = run.tokens[position]?.end;
  // A part of a character has the range of the whole one.
  if (bytes === undefined || !end || run.tokens[position + 1]?.start! < end) return undefined;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** What a tooltip says of a prompt token: position, text, bytes of a part, id and spelling. */
export function promptTokenNote(run: Run, position: number): string {
  const { id, raw, text } = run.tokens[position]!;
  const shown = promptText(run, position);
  const bytes = [...text.slice(0, LONGEST).matchAll(/<0x([0-9A-F]{2})>/g)].map(([, byte]) => byte);
  return [
    `Position ${position}: ${shown}`,
    ...(shown !== visibleText(text.slice(0, LONGEST)) && bytes.length > 0 ? [`bytes ${bytes.join(' ')}`] : []),
    ...(id < 0 ? [] : [`id ${id}, in the vocabulary ${visibleText(raw.slice(0, 60))}`]),
    ...(isUnfitted(run, position) ? ['The lens was fitted without this position: its numbers here mean little'] : []),
  ].join('\n');
}

/** Whether the lens was fitted without this position. */
export function isUnfitted({ fit }: Run, position: number): boolean {
  return position < (fit?.skippedPositions ?? 0);
}

/** The neighboring tokens that cover some of bytes `from .. to - 1`, and the token at the position itself. */
function sharers({ tokens }: Run, position: number, from: number, to: number): number[] {
  const covers = (at: number) => {
    const { start, end } = tokens[at] ?? {};
    return start !== undefined && end !== undefined && start < to && end > from;
  };
  const all = [position];
  while (covers(all[0]! - 1)) all.unshift(all[0]! - 1);
  while (covers(all.at(-1)! + 1)) all.push(all.at(-1)! + 1);
  return all;
}

/** The prompt in UTF-8; it grows while a model writes on. */
function bytesOf(run: Run): Uint8Array | undefined {
  if (run.prompt === undefined) return undefined;
  let known = prompts.get(run);
  if (known?.[0] !== run.prompt) prompts.set(run, (known = [run.prompt, new TextEncoder().encode(run.prompt)]));
  return known[1];
}

/** The byte after the character of UTF-8 that starts at a byte. */
function characterEnd(bytes: Uint8Array, from: number): number {
  let end = from + 1;
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end++;
  return end;
}
