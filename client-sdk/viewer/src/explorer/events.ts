/** A server-sent event with JSON data. */
export interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
}

/** The connection broke before the body's end. */
export class ConnectionLost extends Error {}

/** The events in a body as they come. What is neither a name nor data, as the bridge's heart beat, is passed over. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const lines = new Lines();
  const text = new TextDecoder();
  const reader = body.getReader();
  let name = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new ConnectionLost('the connection broke');
      });
      if (done) return;
      for (const line of lines.of(text.decode(value, { stream: true }))) {
        if (line.startsWith('event: ')) name = line.slice(7);
        else if (line.startsWith('data: ')) yield { name, data: JSON.parse(line.slice(6)) };
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Puts pieces of text together to whole lines. A long line is joined once, when its end is there. */
class Lines {
  #pieces: string[] = [];

  *of(piece: string): Generator<string> {
    const parts = piece.split('\n');
    for (const [i, part] of parts.entries()) {
      this.#pieces.push(part);
      if (i === parts.length - 1) return;
      yield this.#pieces.join('');
      this.#pieces = [];
    }
  }
}
