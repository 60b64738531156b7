/**
 * A result as the page shows it, complete or still growing. The page draws everything from it and does not recompute
 * numbers of the server.
 *
 * `l` is an index into `run.layers` and `p` one into `run.positions`, not layer numbers and token positions. Numbers of
 * a cell may be read once its layer is ready and its column is loaded; before that, reading throws a RangeError.
 */
export interface Lens {
  readonly run: Run;

  /**
   * Rows `0 .. layersReady - 1` have arrived. Grows while a result streams in; `run.layers.length` once it is complete.
   */
  readonly layersReady: number;

  /** The outcome, known once the result is complete; undefined before, and for V2 JSON. */
  readonly outcome: Outcome | undefined;

  /** Whether the numbers of a column can be read now. */
  isLoaded(p: number): boolean;

  /** Loads columns `from .. to - 1`. Rejects if the data is damaged. Cheap for columns that are loaded already. */
  load(from: number, to: number): Promise<void>;

  /** Says that columns `from .. to - 1` are shown, so that they stay loaded; others may be let go later. */
  show(from: number, to: number): void;

  /** The prediction at a place of the top-k, `0 .. k - 1`, best first. */
  prediction(l: number, p: number, place: number): Prediction;

  /** A statistic of a cell, by its name; NaN if the cell has none. */
  statistic(name: string, l: number, p: number): number;

  /** Rank of a target, 1 = best; 0 if the position has no such target. */
  targetRank(target: number, l: number, p: number): number;

  /** Log-probability of a target; NaN if the position has no such target. */
  targetLogProb(target: number, l: number, p: number): number;

  /** Ids of the tracked tokens of a position, ascending; empty without trajectories. */
  tracked(p: number): Int32Array;

  /**
   * Log-probability of a token: at any layer if it is tracked, else where it is in the top-k or a target. Undefined
   * means not recorded, which is not 0.
   */
  logProb(id: number, l: number, p: number): number | undefined;

  /** The text of an id that occurs in the result. */
  token(id: number): Token;

  /** Every token whose text is known. */
  vocabulary(): Iterable<Token>;

  /** Calls a listener after `layersReady` or `outcome` changes. Returns a function that ends the subscription. */
  onGrowth(listener: () => void): () => void;
}

/** A number of every cell. The result describes it, so the page can show statistics that it does not know. */
export interface Statistic {
  /** Lower case with hyphens. */
  readonly name: string;
  /** For people, beside a color scale. */
  readonly label: string;
  /** Such as `nats`; empty for none. */
  readonly unit: string;
  /** Smallest value; undefined for none. */
  readonly minimum: number | undefined;
  /** Largest value; undefined for none. */
  readonly maximum: number | undefined;
  readonly direction: 'more_is_surer' | 'less_is_surer' | 'neutral';
  /** Meaning of the number, in one sentence. */
  readonly meaning: string;
  /** Its cost or limit, in one sentence; undefined for none. */
  readonly remark: string | undefined;
}

/** What to know of a fitted lens. */
export interface Fit {
  /** Whether its last layer is the model's own output. */
  readonly decodesLastBlockAsModel: boolean;
  /** Positions at the beginning that were left out when it was fitted. */
  readonly skippedPositions: number;
  /** What readers of its numbers should know, as sentences. */
  readonly warnings: readonly string[];
}

/** Facts known before the first layer. */
export interface Run {
  readonly requestId: string;
  readonly model: Model;
  /** The lens: `logit`, `raw` (without the final norm), or one of a later version. */
  readonly lens: string;
  /** Of files with fitted lenses alone. */
  readonly fit?: Fit;
  /** Whether ranks, entropy and KL are approximate (low precision). */
  readonly approximate: boolean;
  /** `compact` or `exact`: how numbers came from the server. */
  readonly numberForm: string;
  /** The prompt's text; undefined if ids were sent. */
  readonly prompt: string | undefined;
  /** Every token of the prompt. */
  readonly tokens: readonly PromptToken[];
  /** Read points as numbers (layers.ts), ascending: blocks, -1 for the embedding, and fractions for what is inside blocks. */
  readonly layers: readonly number[];
  /** Token positions, ascending. */
  readonly positions: readonly number[];
  /** Predictions per cell. */
  readonly k: number;
  /** The rule that chose those after the best, such as `words`; undefined for the most likely tokens. */
  readonly candidates?: string | undefined;
  readonly targets: readonly Target[];
  /** Statistics of the cells, in the order of display. */
  readonly statistics: readonly Statistic[];
  /** Whether the result has trajectories. */
  readonly hasTrajectories: boolean;
  /** The model's own best token at each of `positions`. */
  readonly finalTops: readonly Prediction[];
  /** Undefined if the file does not say. */
  readonly origin?: Origin | undefined;
}

/** When a result was written, and by which version of the product. */
export interface Origin {
  /** As `2026-11-29`. */
  readonly date: string;
  readonly version: string | undefined;
}

/** Results from V2 JSON have only the name. */
export interface Model {
  readonly name: string;
  readonly architecture: string | undefined;
  /** Number of blocks. */
  readonly layers: number | undefined;
  readonly hiddenSize: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly storedType: string | undefined;
  readonly computeType: string | undefined;
  readonly revision: string | undefined;
}

/**
 * A vocabulary entry: its id, its spelling in the vocabulary, its text with white space kept. An id below 0 is not in
 * the vocabulary: it stands for a text in a result without ids and spellings.
 */
export interface Token {
  readonly id: number;
  readonly raw: string;
  readonly text: string;
}

/** A token of the prompt and the range of the prompt's UTF-8 that it covers; no range if it is unknown. */
export interface PromptToken extends Token {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

export interface Prediction {
  readonly token: Token;
  readonly logProb: number;
}

export interface Target {
  readonly kind: 'next_token' | 'final_top' | 'text' | 'id';
  /** The text as requested; undefined for kinds without a text. */
  readonly text: string | undefined;
  /** Ids of a text or an id; the first is followed. */
  readonly tokenIds: readonly number[];
  /** Vocabulary id at each of `positions`; undefined if there is none. */
  readonly ids: readonly (number | undefined)[];
}

/** Facts known at the end. */
export interface Outcome {
  readonly selfCheck: { readonly maxLogitDifference: number; readonly top1Agrees: boolean; readonly positions: readonly number[] };
  /** Undefined if a file does not have it. */
  readonly timings: Timings | undefined;
  /** How much each part of the model wrote toward the targets' logits; undefined if that was not asked for. */
  readonly attribution?: Shares | undefined;
  /**
   * Of a changed pass, for each layer: the indexes, ascending, where stretches of positions that can differ from the unchanged pass
   * begin and end, in turn.
   */
  readonly reached?: readonly ArrayLike<number>[] | undefined;
  readonly omittedTrajectories: number;
  readonly reservedBytes: number;
}

/** Direct attribution as files have it: shares in nats, [position * target], of heads also by head; null where there is no target. */
export interface Shares {
  readonly parts: readonly { readonly block?: number; readonly site: string; readonly shares: readonly (number | null)[] }[];
  readonly heads: readonly { readonly block: number; readonly count: number; readonly shares: readonly (number | null)[] }[];
  readonly biases: readonly (number | null)[];
  readonly logits: readonly (number | null)[];
}

/** Times of the server. */
export interface Timings {
  readonly queuedMs: number;
  readonly forwardMs: number;
  readonly lensMs: number;
}
