import { TokenSpelling } from '../generated/stratalens/v1/model_pb.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8, where bytes that are no whole character are written as `<0xE6>`. */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return partsOf(bytes);
  }
}

/** How the vocabulary writes these bytes. */
export function spellingOf(bytes: Uint8Array, spelling: TokenSpelling): string {
  switch (spelling) {
    case TokenSpelling.BYTE_LEVEL:
      return Array.from(bytes, (byte) => BYTE_LEVEL_ALPHABET[byte]).join('');
    case TokenSpelling.METASPACE:
      return textOf(bytes).replaceAll(' ', '\u2581');
    default:
      return textOf(bytes);
  }
}

function partsOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    text += character?.text ?? `<0x${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}>`;
    at += character?.length ?? 1;
  }
  return text;
}

function characterAt(bytes: Uint8Array, at: number): { text: string; length: number } | undefined {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    return { text: UTF8.decode(bytes.subarray(at, at + length)), length };
  } catch {
    return undefined;
  }
}

/** GPT-2's table: printable Latin-1 stands for itself, the other bytes are counted up from U+0100. */
const BYTE_LEVEL_ALPHABET: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
})();
