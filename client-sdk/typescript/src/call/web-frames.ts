const HEAD_BYTES = 5;
const TRAILERS = 0x80;

/** A frame of gRPC-Web: a message, or the trailers that end the answer. */
export interface WebFrame {
  readonly isTrailers: boolean;
  readonly bytes: Uint8Array;
}

/** A message as a frame: a byte of flags, four of length, the bytes. */
export function framed(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(HEAD_BYTES + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, HEAD_BYTES);
  return frame;
}

/**
 * The frames of an answer, however its bytes were cut on the way.
 *
 * @throws RangeError if a message is larger than allowed
 */
export async function* framesOf(body: AsyncIterable<Uint8Array>, maxMessageBytes: number): AsyncGenerator<WebFrame> {
  let rest = new Uint8Array();
  for await (const part of body) {
    const bytes = new Uint8Array(rest.length + part.length);
    bytes.set(rest);
    bytes.set(part, rest.length);
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = new DataView(bytes.buffer, at).getUint32(1);
      if (length > maxMessageBytes) throw new RangeError(`received a message larger than max (${length} > ${maxMessageBytes})`);
      if (bytes.length - at < HEAD_BYTES + length) break;
      const from = at + HEAD_BYTES;
      yield { isTrailers: (bytes[at]! & TRAILERS) !== 0, bytes: bytes.subarray(from, from + length) };
      at = from + length;
    }
    rest = bytes.slice(at);
  }
}

/** Trailers by name, in lower case. */
export function trailersOf(bytes: Uint8Array): Map<string, string> {
  const lines = new TextDecoder().decode(bytes).split('\r\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
}

/** The chunks of an answer. Leaving the loop early cancels the call. */
export async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {}); // it has ended
  }
}
