import { deflateRawSync } from 'node:zlib';

/** Bytes as a report has them: compressed, in base 85. */
export function packed(text: string): string {
  return digits(deflateRawSync(text));
}

export function digits(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const group = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (bytes[at + i] ?? 0), 0);
    const all = [4, 3, 2, 1, 0].map((power) => String.fromCharCode(40 + (Math.floor(group / 85 ** power) % 85)).replace('<', '}'));
    text += all.slice(0, Math.min(4, bytes.length - at) + 1).join('');
  }
  return text;
}
