import type { StopReason } from '../generated/stratalens/v1/generation_pb.js';
import type { LensResult, LensView } from './result.js';
import type { Token } from './token.js';

/** A token that was chosen for the position after the last one. */
export interface GeneratedToken {
  readonly token: Token;
  /** Its index, from the first token of the prompt. */
  readonly position: number;
  /** The log-probability that the model gave it, in nats, before temperature and cuts. */
  readonly logProb: number;
  /** The first asked block from which on the first lens had it as its best at every block, at the position before; undefined if it did not at the last. */
  readonly settledFrom: number | undefined;
  /** Whether the request gave it. */
  readonly forced: boolean;
  /** What it completes: empty if it ends in the middle of a character, and for a token that ends the generation. */
  readonly text: string;
  /** What each lens read where it was chosen: for the first token over the positions of the prompt, for a later one at the position of the token before it. */
  readonly chosenFrom: readonly LensView[];
}

/** A complete generation. */
export class GenerationResult {
  /**
   * @param reading what the lenses read over prompt and generated tokens: as an analysis of both as one prompt
   * @param tokens the generated tokens, one or more
   * @param stopReason why it ended
   * @param seed of the random numbers; undefined if the best token was always taken
   */
  constructor(
    readonly reading: LensResult,
    readonly tokens: readonly GeneratedToken[],
    readonly stopReason: StopReason,
    readonly seed: bigint | undefined,
  ) {}

  /** The generated text. */
  get text(): string {
    return this.tokens.map(({ text }) => text).join('');
  }
}
