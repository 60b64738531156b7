import type { Outcome, PromptToken, Run, StatisticName, Target, Token } from '../lens/lens.js';
import { Fields } from './fields.js';
import { require } from './file-error.js';
import { ascending, floats, integers } from './grid.js';
import type { Head } from './paged-lens.js';

/** Statistics by their keys in files, in the order in which pages hold them. */
export const STATISTIC_KEYS: ReadonlyMap<string, StatisticName> = new Map([
  ['entropy', 'entropy'],
  ['kl_from_final', 'klFromFinal'],
  ['kl_from_next', 'klFromNext'],
]);

export const FORMAT = 'stratalens/1';

/** Reads them from the keys of native JSON; `statistics` are the keys of those that cells have. */
export function readHead(file: Fields, statistics: readonly string[]): Head {
  const format = file.string('format');
  require(format === FORMAT, `$.format: "${format}" is no format that can be read; expected "${FORMAT}"`);
  const vocabulary = readVocabulary(file.object('vocab'));
  return { run: readRun(file, statistics, vocabulary), outcome: readOutcome(file), vocabulary };
}

function readVocabulary(vocab: Fields): Map<number, Token> {
  const ids = vocab.keys().map((key) => {
    require(/^\d{1,10}$/.test(key), `${vocab.path}: "${key}" is no token id`);
    return Number(key);
  });
  return new Map(ids.sort((a, b) => a - b).map((id) => [id, readToken(id, vocab.object(String(id)))]));
}

function readToken(id: number, fields: Fields): Token {
  return { id, raw: fields.string('raw'), text: fields.string('text') };
}

function readRun(file: Fields, statistics: readonly string[], vocabulary: ReadonlyMap<number, Token>): Run {
  const lens = file.object('lens');
  const model = file.object('model');
  const tokens = file.objects('tokens').map(readPromptToken);
  const layers = ascending(file.list('layers'), '$.layers', -1);
  const positions = ascending(file.list('positions'), '$.positions', 0);
  require(layers.length > 0, '$.layers: empty');
  require(positions.length > 0, '$.positions: empty');
  require(positions.at(-1)! < tokens.length, `$.positions: there are only ${tokens.length} tokens`);
  const k = file.object('top_k').integer('k');
  require(k >= 1, `$.top_k.k: ${k} is below 1`);
  const encoding = file.has('tracked_encoding') ? file.string('tracked_encoding') : 'none';
  require(
    encoding === 'none' || encoding === 'ppm' || encoding === 'float32',
    `$.tracked_encoding: expected "ppm" or "float32", found "${encoding}"`,
  );
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
    lensKind: lens.string('kind'),
    skipFinalNorm: lens.boolean('skip_final_norm'),
    approximate: lens.boolean('approximate'),
    prompt: file.has('prompt') ? file.string('prompt') : undefined,
    tokens,
    layers: [...layers],
    positions: [...positions],
    k,
    targets: file.objects('targets').map((target) => readTarget(target, positions.length, vocabulary)),
    statistics: new Set(statistics.map((key) => STATISTIC_KEYS.get(key)!)),
    trajectoryEncoding: encoding,
    finalTops: [...finalIds].map((id, i) => ({ token: known(id, vocabulary), logProb: finalLogProbs[i]! })),
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

/** The token of an id that is used in the file. */
export function known(id: number, vocabulary: ReadonlyMap<number, Token>): Token {
  const token = vocabulary.get(id);
  require(token !== undefined, `$.vocab: token id ${id} is used, but has no entry here`);
  return token;
}

function readOutcome(file: Fields): Outcome {
  const check = file.object('self_check');
  const timings = file.object('timings');
  const run = file.object('run');
  return {
    selfCheck: {
      maxLogitDifference: Math.fround(check.number('max_logit_difference')),
      top1Agrees: check.boolean('top1_agrees'),
      positions: [...integers(check.get('positions'), '$.self_check.positions', undefined, check.list('positions').length)],
    },
    timings: {
      queueMs: timings.number('queue_ms'),
      forwardMs: timings.number('forward_ms'),
      lensMs: timings.number('lens_ms'),
    },
    omittedTrajectories: run.integer('omitted_trajectories'),
    reservedBytes: run.integer('reserved_bytes'),
  };
}
