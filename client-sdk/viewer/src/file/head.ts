import { layerAt, shortLayer } from '../lens/layers.js';
import type { Outcome, PromptToken, Run, Shares, Statistic, Target, Token } from '../lens/lens.js';
import { Fields } from './fields.js';
import { require } from './file-error.js';
import { ascending, floats, integers } from './grid.js';

export const FORMAT = 'stratalens/2';

/** The head of a result: everything except its cells. */
export interface Head {
  readonly run: Run;
  readonly outcome: Outcome | undefined;
  /** By ascending id. */
  readonly vocabulary: ReadonlyMap<number, Token>;
}

/** Reads the head from the keys of native JSON, for one of the file's lenses. */
export function readHead(file: Fields, lens: number): Head {
  const format = file.string('format');
  require(format === FORMAT, `$.format: "${format}" cannot be read; expected "${FORMAT}"`);
  const vocabulary = readVocabulary(file.object('vocab'));
  return { run: readRun(file, lens, vocabulary), outcome: readOutcome(file), vocabulary };
}

/** The lenses of a file; without a list the logit lens alone. */
export function readLenses(file: Fields): string[] {
  if (!file.has('lenses')) return ['logit'];
  const lenses = file.strings('lenses');
  require(lenses.length > 0, '$.lenses: empty');
  return lenses;
}

function readVocabulary(vocab: Fields): Map<number, Token> {
  const ids = vocab.keys().map((key) => {
    require(/^\d{1,10}$/.test(key), `${vocab.path}: "${key}" is not a token id`);
    return Number(key);
  });
  return new Map(ids.sort((a, b) => a - b).map((id) => [id, readToken(id, vocab.object(String(id)))]));
}

function readToken(id: number, fields: Fields): Token {
  return { id, raw: fields.string('raw'), text: fields.string('text') };
}

function readRun(file: Fields, lens: number, vocabulary: ReadonlyMap<number, Token>): Run {
  const model = file.object('model');
  const tokens = file.objects('tokens').map(readPromptToken);
  const layers = readLayers(file, lens);
  const positions = ascending(file.list('positions'), '$.positions', 0);
  require(layers.length > 0, '$.layers: empty');
  require(positions.length > 0, '$.positions: empty');
  require(positions.at(-1)! < tokens.length, `$.positions: there are only ${tokens.length} tokens`);
  const k = file.integer('top_k');
  require(k >= 1 && k <= vocabulary.size, `$.top_k: ${k} is outside of 1 to ${vocabulary.size}, the tokens of $.vocab`);
  const finalTop = file.object('final_top');
  const finalIds = integers(finalTop.get('ids'), '$.final_top.ids', undefined, positions.length);
  const finalLogProbs = floats(finalTop.get('log_probs'), '$.final_top.log_probs', positions.length);
  return {
    requestId: file.object('run').string('request_id'),
    model: {
      name: model.string('name'),
      architecture: model.string('architecture'),
      layers: model.integer('layers'),
      hiddenSize: model.integer('hidden_size'),
      vocabularySize: model.integer('vocab_size'),
      storedType: model.string('stored_dtype'),
      computeType: model.string('compute_dtype'),
      revision: model.string('revision'),
    },
    lens: readLenses(file)[lens]!,
    ...readFit(file, lens),
    approximate: file.boolean('approximate'),
    numberForm: file.string('number_form'),
    prompt: optional(file, 'prompt'),
    tokens,
    layers,
    positions: [...positions],
    k,
    candidates: optional(file, 'candidates'),
    targets: file.objects('targets').map((target) => readTarget(target, positions.length, vocabulary)),
    statistics: file.objects('columns').map(readStatistic),
    hasTrajectories: file.has('trajectories') && file.get('trajectories') !== false,
    finalTops: [...finalIds].map((id, i) => ({ token: known(id, vocabulary), logProb: finalLogProbs[i]! })),
  };
}

/** Read points that a lens has, as indices into those of the file; without a list all of them. */
export function readCoverage(file: Fields, lens: number): number[] {
  const points = allLayers(file).length;
  if (!file.has('coverage')) return Array.from({ length: points }, (_, point) => point);
  const own = file.objects('coverage')[lens];
  require(own !== undefined, `$.coverage: there is no lens ${lens}`);
  const indices = ascending(own.list('read_points'), `${own.path}.read_points`, 0);
  require(indices.at(-1)! < points, `${own.path}.read_points: expected indices below ${points}`);
  return [...indices];
}

function readFit(file: Fields, lens: number): Pick<Run, 'fit'> {
  if (!file.has('coverage')) return {};
  const own = file.objects('coverage')[lens]!;
  return {
    fit: {
      decodesLastBlockAsModel: own.boolean('decodes_last_block_as_model'),
      skippedPositions: own.integer('skipped_positions'),
      warnings: own.strings('warnings'),
    },
  };
}

/** Layers of a lens; the embedding is -1. */
function readLayers(file: Fields, lens: number): number[] {
  const all = allLayers(file);
  return readCoverage(file, lens).map((point) => all[point]!);
}

/** Layers of the file. `layers` may replace a list of read points. */
function allLayers(file: Fields): readonly number[] {
  if (file.has('layers')) return [...ascending(file.list('layers'), '$.layers', -1)];
  const layers = file.objects('read_points').map((point) => {
    const site = point.string('site');
    const layer = layerAt(site, site === 'embedding' ? -1 : point.integer('block'));
    require(layer !== undefined, `${point.path}.site: "${site}" cannot be shown by this page`);
    return layer;
  });
  layers.forEach((layer, at) => require(!(layer <= layers[at - 1]!), `$.read_points: not ascending: ${shortLayer(layer)} after ${shortLayer(layers[at - 1]!)}`));
  return layers;
}

function readStatistic(fields: Fields): Statistic {
  const direction = fields.string('direction');
  return {
    name: fields.string('name'),
    label: fields.string('label'),
    unit: fields.string('unit'),
    minimum: fields.has('minimum') ? fields.number('minimum') : undefined,
    maximum: fields.has('maximum') ? fields.number('maximum') : undefined,
    direction: direction === 'more_is_surer' || direction === 'less_is_surer' ? direction : 'neutral',
    meaning: fields.string('meaning'),
    remark: optional(fields, 'remark'),
  };
}

function readPromptToken(fields: Fields): PromptToken {
  const ranged = fields.has('start') && fields.has('end');
  return {
    ...readToken(fields.integer('id'), fields),
    start: ranged ? fields.integer('start') : undefined,
    end: ranged ? fields.integer('end') : undefined,
  };
}

function readTarget(fields: Fields, positions: number, vocabulary: ReadonlyMap<number, Token>): Target {
  const kind = fields.string('kind');
  require(
    kind === 'next_token' || kind === 'final_top' || kind === 'text' || kind === 'id',
    `${fields.path}.kind: expected one of next_token, final_top, text, id, found "${kind}"`,
  );
  const tokenIds = integers(fields.get('token_ids'), `${fields.path}.token_ids`, undefined, fields.list('token_ids').length);
  const ids = integers(fields.get('ids'), `${fields.path}.ids`, -1, positions);
  [...tokenIds, ...ids.filter((id) => id >= 0)].forEach((id) => known(id, vocabulary));
  return {
    kind,
    text: kind === 'text' ? fields.string('text') : undefined,
    tokenIds: [...tokenIds],
    ids: [...ids].map((id) => (id < 0 ? undefined : id)),
  };
}

/** The token of an id; refuses an id without an entry in the vocabulary. */
export function known(id: number, vocabulary: ReadonlyMap<number, Token>): Token {
  const token = vocabulary.get(id);
  require(token !== undefined, `$.vocab: token id ${id} is used, but has no entry here`);
  return token;
}

function readOutcome(file: Fields): Outcome {
  const check = file.object('self_check');
  const timings = file.has('timings') ? file.object('timings') : undefined;
  const run = file.object('run');
  return {
    selfCheck: {
      maxLogitDifference: Math.fround(check.number('max_logit_difference')),
      top1Agrees: check.boolean('top1_agrees'),
      positions: [...integers(check.get('positions'), '$.self_check.positions', undefined, check.list('positions').length)],
    },
    timings: timings && {
      queuedMs: timings.number('queued_ms'),
      forwardMs: timings.number('forward_ms'),
      lensMs: timings.number('lens_ms'),
    },
    attribution: file.has('attribution') ? readShares(file) : undefined,
    reached: file.has('reached') ? file.list('reached').map((edges) => ascending(edges, '$.reached', 0)) : undefined,
    omittedTrajectories: run.integer('omitted_trajectories'),
    reservedBytes: run.integer('reserved_bytes'),
  };
}

/** As it is, so that it can be saved again; a missing list would be met only when it is drawn. */
function readShares(file: Fields): Shares {
  const shares = file.object('attribution');
  for (const part of [...shares.objects('parts'), ...shares.objects('heads')]) part.list('shares');
  shares.list('biases');
  shares.list('logits');
  return file.get('attribution') as Shares;
}

function optional(fields: Fields, key: string): string | undefined {
  return fields.has(key) ? fields.string(key) : undefined;
}
