/**
 * A text for human eyes, on one line, as the SDK's `Token.display` gives it: a space is `·`, a line feed `⏎`, a tab `→`,
 * and every other control, format or separator character is escaped, so that nothing invisible hides or turns the line.
 */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Cs}]/gu, (found) => SHORT[found] ?? escaped(found));
}

const SHORT: Record<string, string> = { ' ': '·', '\n': '⏎', '\t': '→', '\r': '\\r' };

function escaped(found: string): string {
  return [...Array(found.length).keys()].map((i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
