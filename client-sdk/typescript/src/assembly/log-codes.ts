import { require } from './broken-stream.js';

/** ln(1 + x) of the largest finite float is 88.7. */
const LARGEST_LOG = 88;

/** Fixed-point logarithms of numbers of 0 or more: code = round(scale ln(1 + x)). */
export class LogCodes {
  static readonly CELL = new LogCodes(1024);
  static readonly TRAJECTORY = new LogCodes(256);
  /** From a cell's code to a trajectory's. */
  static readonly SHIFT = 2;

  readonly #scale: number;

  private constructor(scale: number) {
    this.#scale = scale;
  }

  /** Adds a difference to a code; refuses what is no code. */
  add(code: number, difference: number, chunk: string): number {
    const sum = code + difference;
    require(sum >= 0 && sum <= LARGEST_LOG * this.#scale, () => `${chunk}: a difference leads to the code ${sum}`);
    return sum;
  }

  /** x, an entropy or a divergence. */
  value(code: number): number {
    return Math.expm1(code / this.#scale);
  }

  /** -x, a log-probability. */
  logProb(code: number): number {
    return 0 - Math.expm1(code / this.#scale);
  }
}
