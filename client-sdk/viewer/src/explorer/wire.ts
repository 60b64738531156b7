// Messages of the bridge, and their conversion to the page's types.
import type { LayerRow, TrackedColumn } from '../lens/growing-lens.js';
import type { Outcome, Prediction, PromptToken, Run, Statistic, Target, Token } from '../lens/lens.js';

/** Numbers that JSON does not have are sent as texts. */
type Numeric = string | number;

/** A statistic; undefined fields are absent here. */
export type WireStatistic = Partial<Pick<Statistic, 'minimum' | 'maximum' | 'remark'>> & Omit<Statistic, 'minimum' | 'maximum' | 'remark'>;

export interface WireRun extends Omit<Run, 'statistics' | 'targets' | 'finalTops' | 'lens' | 'layers' | 'fit'> {
  /** What differs between the lenses of the run. */
  readonly lenses: readonly Pick<Run, 'lens' | 'layers' | 'fit'>[];
  readonly statistics: readonly WireStatistic[];
  readonly targets: readonly (Omit<Target, 'ids'> & { readonly ids: readonly (number | null)[] })[];
  readonly finalTops: readonly WirePrediction[];
  /** Tokens of the targets. */
  readonly vocabulary: readonly Token[];
}

export interface WireRow {
  /** Index of its lens. */
  readonly lens: number;
  readonly layer: number;
  readonly vocabulary: readonly Token[];
  readonly ids: string;
  readonly logProbs: string;
  /** Values of each statistic, by name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly ranks?: string;
  readonly targetLogProbs?: string;
}

export interface WireTracked {
  /** Index of their lens. */
  readonly lens: number;
  readonly first: number;
  readonly counts: readonly number[];
  readonly vocabulary: readonly Token[];
  readonly ids: string;
  readonly logProbs: string;
}

/** Texts that are told for the first time. */
export interface WireVocabulary {
  readonly vocabulary: readonly Token[];
}

/** A token that the model wrote. */
export interface WireWritten {
  readonly position: number;
  readonly token: Token;
  /** Whether the request gave it. */
  readonly forced: boolean;
}

/** What is known of a written token's position before its rows. */
export interface WireColumn extends WireVocabulary {
  readonly position: number;
  readonly finalTop: WirePrediction;
  readonly targetIds: readonly (number | null)[];
}

interface WirePrediction {
  readonly token: Token;
  readonly logProb: Numeric;
}

/** A number about the output of both passes at the last token. */
export interface WireMetric {
  readonly kind: 'kl' | 'log_prob';
  readonly unchanged: Numeric;
  readonly changed: Numeric;
}

export interface WireOutcome extends Omit<Outcome, 'selfCheck'> {
  /** Of a text: all of it, why it ended, and the random numbers. */
  readonly prompt?: string;
  readonly tokens?: readonly PromptToken[];
  readonly stopReason?: 'end_token' | 'stop_text' | 'max_tokens' | 'other';
  readonly seed?: string;
  /** Of a changed pass. */
  readonly metrics?: readonly WireMetric[];
  readonly selfCheck: { readonly maxLogitDifference: Numeric; readonly top1Agrees: boolean; readonly positions: readonly number[] };
  /** Id of the run's file. */
  readonly kept?: string;
  /** Why it has none. */
  readonly notKept?: string;
}

export interface WireFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** The option to change, as the command line names it. */
  readonly field?: string;
}

export interface WireProgress {
  readonly phase: 'queued' | 'download' | 'loading' | 'forward' | 'lens' | 'trajectories' | 'writing';
  readonly done: number;
  /** Absent while unknown. */
  readonly total?: number;
  /** Of the phase; absent while unknown. */
  readonly secondsLeft?: number;
}

/** A run for each of its lenses. */
export function runsOf({ vocabulary: _, lenses, ...wire }: WireRun): Run[] {
  const common = {
    ...wire,
    prompt: wire.prompt,
    tokens: wire.tokens.map(promptToken),
    statistics: wire.statistics.map(statisticFrom),
    targets: wire.targets.map((target) => ({
      ...target,
      text: target.text,
      ids: target.ids.map((id) => id ?? undefined),
    })),
    finalTops: wire.finalTops.map(predictionOf),
  };
  return lenses.map((own) => ({ ...common, ...own }));
}

/** The run of one position of a text. */
export function columnOf({ position, finalTop, targetIds }: WireColumn, run: Run): Run {
  const targets = run.targets.map((target, at) => ({ ...target, ids: [targetIds[at] ?? undefined] }));
  return { ...run, positions: [position], finalTops: [predictionOf(finalTop)], targets };
}

function promptToken({ id, raw, text, start, end }: PromptToken): PromptToken {
  return { id, raw, text, start, end };
}

function predictionOf({ token, logProb }: WirePrediction): Prediction {
  return { token, logProb: Number(logProb) };
}

/** A description in the page's type. */
export function statisticFrom({ name, label, unit, minimum, maximum, direction, meaning, remark }: WireStatistic): Statistic {
  return { name, label, unit, minimum, maximum, direction, meaning, remark };
}

export function rowOf(wire: WireRow): LayerRow {
  return {
    ids: ints(wire.ids),
    logProbs: floats(wire.logProbs),
    statistics: new Map(Object.entries(wire.columns).map(([name, values]) => [name, floats(values)])),
    targetRanks: ints(wire.ranks ?? ''),
    targetLogProbs: floats(wire.targetLogProbs ?? ''),
  };
}

/** The columns of some positions, each a view of the same arrays. */
export function trackedOf(wire: WireTracked, run: Run): TrackedColumn[] {
  const ids = ints(wire.ids);
  const logProbs = floats(wire.logProbs);
  const layers = run.layers.length;
  let from = 0;
  return wire.counts.map((count) => {
    const to = from + count;
    const column = { ids: ids.subarray(from, to), logProbs: logProbs.subarray(from * layers, to * layers) };
    from = to;
    return column;
  });
}

export function outcomeOf(wire: WireOutcome): Outcome {
  const { selfCheck, timings } = wire;
  return {
    selfCheck: { ...selfCheck, maxLogitDifference: Number(selfCheck.maxLogitDifference) },
    timings,
    attribution: wire.attribution,
    reached: wire.reached,
    omittedTrajectories: wire.omittedTrajectories,
    reservedBytes: wire.reservedBytes,
  };
}

// Browsers run on little-endian machines only; the bridge sends little-endian.
const ints = (base64: string): Int32Array => new Int32Array(bytes(base64));
const floats = (base64: string): Float32Array => new Float32Array(bytes(base64));

function bytes(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
