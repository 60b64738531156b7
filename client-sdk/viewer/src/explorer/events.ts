/** A server-sent event with JSON data. */
export interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
}

/** The connection broke before the body's end. */
export class ConnectionLost extends Error {}

/**
 * The events of a body as they arrive. Ignores lines that are neither a name nor data, such as the bridge's heartbeat.
 */
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

/** Joins pieces of text into whole lines. A long line is joined once, when its end arrives. */
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
