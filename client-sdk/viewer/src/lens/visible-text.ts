/**
 * A text for human eyes, on one line, as the SDK's `Token.display` gives it: a space is `·`, a line feed `⏎`, a tab `→`,
 * a no-break space `⍽`, and every other control, format or separator character is escaped, so that nothing invisible hides or
 * turns the line. A combining mark at the beginning has a carrier, so that it does not combine with what stands before.
 */
export function visibleText(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Cs}]/gu, (found) => SHORT[found] ?? escaped(found));
  return /^\p{M}/u.test(visible) ? `◌${visible}` : visible;
}

/** A visible text with at most so many characters. */
export function cut(visible: string, longest: number): string {
  const characters = [...visible];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : visible;
}

/** Whether a text has letters that run from right to left. */
export function isRightToLeft(text: string): boolean {
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text);
}

/** Such a text isolated, where an element cannot do it: it keeps its order, and disturbs nothing around it. */
export function isolated(text: string): string {
  return isRightToLeft(text) ? `\u2068${text}\u2069` : text;
}

const SHORT: Record<string, string> = { ' ': '·', '\n': '⏎', '\t': '→', '\r': '\\r', '\u00a0': '⍽' };

function escaped(found: string): string {
  return [...Array(found.length).keys()].map((i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
