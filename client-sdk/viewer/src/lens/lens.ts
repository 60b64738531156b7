/**
 * What the page shows: one result, whole or still growing. Everything is drawn from it; nothing is computed that the
 * service has computed.
 *
 * `l` is an index into `run.layers` and `p` one into `run.positions`, not layer numbers and token positions. Numbers of a
 * cell may be read once its layer is ready and its column is loaded; before that they are refused with a RangeError.
 */
export interface Lens {
  readonly run: Run;

  /** Rows `0 .. layersReady - 1` are here. Grows while a result streams in; `run.layers.length` once it is whole. */
  readonly layersReady: number;

  /** What is known only when the result is whole; undefined before, and where it came from V2 JSON. */
  readonly outcome: Outcome | undefined;

  /** Whether the numbers of a column can be read now. */
  isLoaded(p: number): boolean;

  /** Makes columns `from .. to - 1` readable. Rejects where the data is damaged. Cheap for what is loaded already. */
  load(from: number, to: number): Promise<void>;

  /** The prediction at a place of the top-k, `0 .. k - 1`, best first. */
  prediction(l: number, p: number, place: number): Prediction;

  /** A statistic of a cell, by its name; NaN where the cell has none. */
  statistic(name: string, l: number, p: number): number;

  /** Rank of a target, 1 = best; 0 where the position has no such target. */
  targetRank(target: number, l: number, p: number): number;

  /** Log-probability of a target; NaN where the position has no such target. */
  targetLogProb(target: number, l: number, p: number): number;

  /** Ids of the tokens that are followed at a position, ascending; empty without trajectories. */
  tracked(p: number): Int32Array;

  /**
   * Log-probability of a token: of a tracked one at any layer, else where it stands in the top-k or is a target;
   * undefined where the result does not say, which is not 0.
   */
  logProb(id: number, l: number, p: number): number | undefined;

  /** The text of an id that occurs in the result. */
  token(id: number): Token;

  /** Every token whose text is known. */
  vocabulary(): Iterable<Token>;

  /** Called after `layersReady` or `outcome` changed. Returns what ends the subscription. */
  onGrowth(listener: () => void): () => void;
}

/** A number of every cell: everything that is known of it is said by the result, so that a page shows what it never heard of. */
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
  /** What the number says, in one sentence. */
  readonly meaning: string;
  /** What it costs or lacks, in one sentence; undefined for nothing worth saying. */
  readonly remark: string | undefined;
}


/** What is known before the first layer. */
export interface Run {
  readonly requestId: string;
  readonly model: Model;
  /** The lens: `logit`, `raw` (without the final norm), or what a later version has. */
  readonly lens: string;
  /** Whether ranks, entropy and KL are approximate (low precision). */
  readonly approximate: boolean;
  /** `compact` or `exact`: how numbers came from the server. */
  readonly numberForm: string;
  /** The prompt's text; undefined where ids were sent. */
  readonly prompt: string | undefined;
  /** Every token of the prompt. */
  readonly tokens: readonly PromptToken[];
  /** Layer numbers, ascending; -1 is the embedding. */
  readonly layers: readonly number[];
  /** Token positions, ascending. */
  readonly positions: readonly number[];
  /** Predictions per cell. */
  readonly k: number;
  readonly targets: readonly Target[];
  /** The statistics that cells have, in the order in which they are shown. */
  readonly statistics: readonly Statistic[];
  /** Whether tokens are followed through all layers. */
  readonly hasTrajectories: boolean;
  /** The model's own best token at each of `positions`. */
  readonly finalTops: readonly Prediction[];
}

/** Results from V2 JSON know the name only. */
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
 * A vocabulary entry: its id, its spelling in the vocabulary, its text with white space kept. An id below 0 is none of the
 * vocabulary: it stands for a text in a result that came without ids and spellings.
 */
export interface Token {
  readonly id: number;
  readonly raw: string;
  readonly text: string;
}

/** A token of the prompt and the range of the prompt's UTF-8 that it covers; no range where none is known. */
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
  /** As asked; undefined for kinds without a text. */
  readonly text: string | undefined;
  /** What a text or an id stands for; the first is followed. */
  readonly tokenIds: readonly number[];
  /** Vocabulary id at each of `positions`; undefined where there is none. */
  readonly ids: readonly (number | undefined)[];
}

/** What is known at the end. */
export interface Outcome {
  readonly selfCheck: { readonly maxLogitDifference: number; readonly top1Agrees: boolean; readonly positions: readonly number[] };
  /** Undefined where a file does not say. */
  readonly timings: Timings | undefined;
  readonly omittedTrajectories: number;
  readonly reservedBytes: number;
}

/** Where the server's time went. */
export interface Timings {
  readonly queuedMs: number;
  readonly forwardMs: number;
  readonly lensMs: number;
}
