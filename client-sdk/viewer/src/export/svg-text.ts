type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element as text; children are elements already written, or texts from {@link escaped}. */
export function tag(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? short(value) : value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** A text escaped for XML; the two characters that XML cannot represent are left out. */
export function escaped(text: string): string {
  return text.replace(/[&<>"\uFFFE\uFFFF]/g, (found) => ESCAPES[found] ?? '');
}

/** A text cut to about a given width, in a font of common widths. */
export function fitted(text: string, width: number, fontSize: number): string {
  const room = width / fontSize;
  let used = 0;
  let fits = '';
  for (const character of text) {
    used += widthOf(character);
    if (used > room) return room < 1.2 ? '' : `${cut(fits, used - room)}…`;
    fits += character;
  }
  return fits;
}

/** Sizes of the text below a picture. */
export const CAPTION = { size: 10, line: 14 };

/** Parts joined with dots, in as many lines as a width needs. */
export function captionLines(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && fitted(longer, width, CAPTION.size) === longer) lines[lines.length - 1] = longer;
    else lines.push(fitted(part, width, CAPTION.size));
  }
  return lines;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Removes as many characters as the dots need. */
function cut(text: string, excess: number): string {
  const characters = [...text];
  let freed = 0;
  while (characters.length > 0 && freed < excess) freed += widthOf(characters.pop()!);
  return characters.join('');
}

/** In ems. */
function widthOf(character: string): number {
  if (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u.test(character)) return 1;
  if (/[il.,:;'|!·\u0300-\u036f]/.test(character)) return 0.32;
  return /[A-ZmwMW@%⏎→<>_]/.test(character) ? 0.78 : 0.6;
}

function short(number: number): string {
  return String(Math.round(number * 100) / 100);
}
