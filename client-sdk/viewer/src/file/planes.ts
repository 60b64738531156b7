import { require } from './file-error.js';

/** Columns of 32-bit numbers, each stored as four planes of bytes, lowest first. Floats may be indexes into their distinct values. */
export class Planes {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  integers(count: number): Int32Array {
    const start = this.#at;
    this.#at += 4 * count;
    require(count >= 0 && this.#at <= this.#bytes.length, `the data ends after ${this.#bytes.length} bytes, but more are expected`);
    const out = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const at = start + i;
      out[i] =
        this.#bytes[at]! |
        (this.#bytes[at + count]! << 8) |
        (this.#bytes[at + 2 * count]! << 16) |
        (this.#bytes[at + 3 * count]! << 24);
    }
    return out;
  }

  floats(count: number): Float32Array {
    const distinct = this.integers(1)[0]!;
    if (distinct === 0) return new Float32Array(this.integers(count).buffer);
    const values = new Float32Array(this.integers(distinct).buffer);
    const out = new Float32Array(count);
    this.integers(count).forEach((index, i) => {
      require(index >= 0 && index < distinct, `the data has value ${index} of ${distinct}`);
      out[i] = values[index]!;
    });
    return out;
  }

  /** Refuses remaining bytes. */
  end(): void {
    require(this.#at === this.#bytes.length, `${this.#bytes.length} bytes of data, but ${this.#at} are expected`);
  }
}
