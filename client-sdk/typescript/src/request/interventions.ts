import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { GeneratedTokens, InterventionSchema, MetricSchema, StreamDirectionSchema, type Intervention, type Metric, type PromptRowsSchema, type StreamDirection } from '../generated/stratalens/v1/intervention_pb.js';
import { Site } from '../generated/stratalens/v1/lens_pb.js';
import { siteOf, type SiteName } from '../result/read-point.js';
import { rangeMessages, type Indexes } from './indexes.js';
import { promptMessage, type WantedPrompt } from './request.js';
import { targetMessage } from './target.js';

/** Rows that an intervention changes: all of the block outputs, unless less or others are named. */
export interface Rows {
  /** A site that a lens can read, or `attention-heads`: the outputs of heads before the output projection. */
  readonly site?: SiteName | 'attention-heads';
  readonly layers?: Indexes;
  readonly positions?: Indexes;
  /** Attention heads, for `attention-heads`. */
  readonly heads?: Indexes;
  readonly skipFirstToken?: boolean;
  /** Which tokens of a generation: none (the default), all as well as those of the prompt, or only them. */
  readonly generated?: 'none' | 'also' | 'only';
}

/** A word or a vocabulary id. */
export type Word = string | number;

type Operation = MessageInitShape<typeof InterventionSchema>['operation'];

/** Changes to the forward pass. */
export const interventions = {
  /** Each row becomes one of a pass over another prompt, or over the request's own if it is undefined. */
  replaceFrom: (source: WantedPrompt | undefined, rows: Rows = {}, from: { layer?: number; positions?: Indexes } = {}) => changed(rows, {
    case: 'replaceFrom',
    value: {
      ...(source === undefined ? {} : { source: promptMessage(source) }),
      ...(from.layer === undefined ? {} : { layer: from.layer }),
      positions: rangeMessages(from.positions),
    },
  }),
  /** Adds a factor times a direction. */
  add: (direction: StreamDirection, factor: number, rows: Rows = {}) =>
    changed(rows, { case: 'add', value: { direction, coefficient: { case: 'factor', value: factor } } }),
  /** Adds a direction, as long as a share of the row. */
  addShare: (direction: StreamDirection, share: number, rows: Rows = {}) =>
    changed(rows, { case: 'add', value: { direction, coefficient: { case: 'shareOfLength', value: share } } }),
  /** Takes the part along a direction away. */
  projectOut: (direction: StreamDirection, rows: Rows = {}) => changed(rows, { case: 'projectOut', value: { direction } }),
  /** Moves the part along one direction to another. */
  swap: (from: StreamDirection, to: StreamDirection, rows: Rows = {}) => changed(rows, { case: 'swap', value: { from, to } }),
  /** Sets rows to zeros. At the output of a branch, it adds nothing. */
  setZero: (rows: Rows = {}) => changed(rows, { case: 'set', value: { value: { case: 'zero', value: {} } } }),
  /** Sets rows to the mean of rows of passes over prompts, at the same site and block. */
  setMean: (prompts: readonly WantedPrompt[], rows: Rows = {}, positions?: Indexes) =>
    changed(rows, { case: 'set', value: { value: { case: 'mean', value: rowsOf(prompts, positions) } } }),
  /** Sets rows to a vector. */
  setVector: (values: Iterable<number>, rows: Rows = {}) =>
    changed(rows, { case: 'set', value: { value: { case: 'vector', value: { values: [...values] } } } }),
  /** Multiplies rows. */
  scale: (factor: number, rows: Rows = {}) => changed(rows, { case: 'scale', value: { factor } }),
  /** Leaves blocks out: their rows leave them as they entered. */
  skipBlock: (rows: Rows = {}) => changed(rows, { case: 'skipBlock', value: {} }),
} as const;

/** Directions in the space of the rows of a site. */
export const directions = {
  /** Of a token: its row of the unembedding; or with a fitted lens, what raises the lens's logit of the token most. */
  token: (word: Word, lens?: string): StreamDirection => create(StreamDirectionSchema, {
    kind: { case: 'token', value: { token: targetMessage(word), ...(lens === undefined ? {} : { lens }) } },
  }),
  /** A vector as it is. */
  vector: (values: Iterable<number>): StreamDirection =>
    create(StreamDirectionSchema, { kind: { case: 'vector', value: { values: [...values] } } }),
  /** From the mean of rows of some prompts to that of others, at the last position unless others are named. */
  difference: (more: readonly WantedPrompt[], less: readonly WantedPrompt[], positions: Indexes = -1): StreamDirection =>
    create(StreamDirectionSchema, { kind: { case: 'difference', value: { to: rowsOf(more, positions), from: rowsOf(less, positions) } } }),
} as const;

/** Numbers about the model's own output, at the last position unless another is named. */
export const metrics = {
  logit: (word: Word, position?: number) => metric({ case: 'logit', value: targetMessage(word) }, position),
  logProbability: (word: Word, position?: number) => metric({ case: 'logProbability', value: targetMessage(word) }, position),
  logitDifference: (word: Word, other: Word, position?: number) =>
    metric({ case: 'logitDifference', value: { token: targetMessage(word), other: targetMessage(other) } }, position),
  /** KL(output of the unchanged pass || output of the changed pass), in nats. */
  klFromUnchanged: (position?: number) => metric({ case: 'klFromUnchanged', value: {} }, position),
} as const;

function changed({ site = 'block-output', layers, positions, heads, skipFirstToken = false, generated = 'none' }: Rows, operation: Operation): Intervention {
  return create(InterventionSchema, {
    rows: {
      site: site === 'attention-heads' ? Site.ATTENTION_HEADS : siteOf(site),
      layers: rangeMessages(layers),
      positions: rangeMessages(positions),
      heads: rangeMessages(heads),
      skipFirstToken,
      generated: generatedOf(generated),
    },
    ...(operation === undefined ? {} : { operation }),
  });
}

function generatedOf(name: NonNullable<Rows['generated']>): GeneratedTokens {
  const values = { none: GeneratedTokens.UNSPECIFIED, also: GeneratedTokens.ALSO, only: GeneratedTokens.ONLY };
  if (!Object.hasOwn(values, name)) throw new RangeError(`generated is '${name}'; choose from ${Object.keys(values).join(', ')}`);
  return values[name];
}

function rowsOf(prompts: readonly WantedPrompt[], positions: Indexes | undefined): MessageInitShape<typeof PromptRowsSchema> {
  return { prompts: prompts.map((prompt) => promptMessage(prompt)), positions: rangeMessages(positions) };
}

function metric(kind: NonNullable<MessageInitShape<typeof MetricSchema>['kind']>, position: number | undefined): Metric {
  return create(MetricSchema, { kind, ...(position === undefined ? {} : { position }) });
}
