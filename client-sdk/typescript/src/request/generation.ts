import { create } from '@bufbuild/protobuf';
import { GenerationOptionsSchema, type GenerationOptions } from '../generated/stratalens/v1/generation_pb.js';

/** How tokens are chosen, and when a generation ends. */
export interface Generation {
  /** Largest number of tokens; 64, or as many as fit in the model's context, unless set. */
  readonly maxTokens?: number;
  /** How tokens are drawn; the best token is always taken unless set. */
  readonly sampling?: Sampling;
  /** Vocabulary ids to begin with, whatever the model would choose. */
  readonly forced?: readonly number[];
  /** Texts that end the generation once the generated text contains one; at most 16. */
  readonly stopTexts?: readonly string[];
  /** Whether tokens that end a text are tokens like any other. */
  readonly ignoreEndTokens?: boolean;
}

/**
 * Random draws: the logits are divided by the temperature, then cut to the best `topK` tokens, then to the fewest best ones whose
 * probabilities add up to `topP`.
 */
export interface Sampling {
  /** Above 0, at most 100; 1 unless set. */
  readonly temperature?: number;
  /** Number of tokens; all unless set. */
  readonly topK?: number;
  /** Sum of probabilities, above 0, at most 1; 1 unless set. */
  readonly topP?: number;
  /** Seed of the random numbers, 0 .. 2^64 - 1; the server chooses one, and the result has it, unless set. */
  readonly seed?: bigint;
}

/** The message of options. */
export function generationMessage({ maxTokens, sampling, forced, stopTexts, ignoreEndTokens }: Generation): GenerationOptions {
  return create(GenerationOptionsSchema, {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(forced === undefined || forced.length === 0 ? {} : { forced: { ids: [...forced] } }),
    stopTexts: [...(stopTexts ?? [])],
    ignoreEndTokens: ignoreEndTokens ?? false,
  });
}
