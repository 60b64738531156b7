import type { JsonObject } from '@bufbuild/protobuf';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { Direction } from '../generated/stratalens/v1/column_pb.js';
import { NumberForm, type Candidates, type Lens, type LensReading } from '../generated/stratalens/v1/lens_pb.js';
import { DataType, type ModelDescription } from '../generated/stratalens/v1/model_pb.js';
import { FINAL_TOP, NEXT_TOKEN } from '../request/target.js';
import type { Attribution } from '../result/attribution.js';
import { COLUMNS, type Column } from '../result/columns.js';
import type { Info, TargetInfo } from '../result/info.js';
import type { Layer } from '../result/layer.js';
import { isSamePoint, type ReadPoint } from '../result/read-point.js';
import type { LensResult, LensView } from '../result/result.js';
import { groups, jsonFloat } from './float32.js';

/** The name of the file format. */
const FORMAT = 'stratalens/2';

/**
 * A result in the native format (docs/native-json.md), which is lossless: written with JSON.stringify, it is a file that
 * `stratalens show`, the viewer and the other clients read.
 */
export function nativeJson(result: LensResult): JsonObject {
  const { info, summary } = result;
  const columns = COLUMNS.filter(({ name }) => result.layers[0]!.arrays.columns.has(name));
  return {
    format: FORMAT,
    model: modelJson(info.model),
    lenses: info.lenses.map(lensName),
    ...(info.readings.length === 0 ? {} : { coverage: info.readings.map(coverage) }),
    approximate: info.approximate,
    number_form: info.numberForm === NumberForm.FLOAT32 ? 'exact' : 'compact',
    ...(info.prompt === undefined ? {} : { prompt: info.prompt }),
    tokens: info.tokens.map(({ id, raw, text, start, end }) => ({ id, raw, text, ...(start === undefined || end === undefined ? {} : { start, end }) })),
    read_points: info.points.map((point) => (point.site === 'embedding' ? { site: 'embedding' } : pointJson(point))),
    positions: [...info.positions],
    top_k: info.topK,
    ...(info.candidates === undefined ? {} : { candidates: candidatesName(info.candidates, info.lenses) }),
    columns: columns.map((column) => columnJson(column, info.model.vocabularySize)),
    targets: info.targets.map(targetJson),
    final_top: { ids: info.finalTops.map(({ token }) => token.id), log_probs: info.finalTops.map(({ logProb }) => jsonFloat(logProb)) },
    readings: result.lenses.flatMap(({ layers }) => layers.map((layer) => readingJson(info, layer))),
    ...(info.hasTrajectories ? { trajectories: result.lenses.flatMap((lens, index) => trajectoriesJson(info, lens, index)) } : {}),
    ...(result.attribution === undefined ? {} : { attribution: attributionJson(result.attribution) }),
    vocab: Object.fromEntries([...info.vocabulary.values()].map(({ id, raw, text }) => [id, { raw, text }])),
    self_check: {
      max_logit_difference: jsonFloat(summary.selfCheck!.maxLogitDifference),
      top1_agrees: summary.selfCheck!.top1Agrees,
      positions: summary.selfCheck!.positions,
    },
    timings: { queued_ms: milliseconds(summary.queued), forward_ms: milliseconds(summary.forward), lens_ms: milliseconds(summary.lens) },
    run: { request_id: info.requestId, omitted_trajectories: Number(summary.omittedRowCount), reserved_bytes: Number(summary.reservedBytes) },
  };
}

function modelJson(model: ModelDescription): JsonObject {
  return {
    name: model.name,
    architecture: model.architecture,
    layers: model.blockCount,
    hidden_size: model.hiddenSize,
    vocab_size: model.vocabularySize,
    stored_dtype: DataType[model.storedType]!.toLowerCase(),
    compute_dtype: DataType[model.computeType]!.toLowerCase(),
    revision: model.revision ?? '',
  };
}

function lensName({ kind }: Lens): string {
  return kind.case === 'transport' ? `transport:${kind.value.name}` : kind.case ?? '';
}

function candidatesName({ rule }: Candidates, lenses: readonly Lens[]): string {
  if (rule.case === 'leastLikely') return 'least-likely';
  if (rule.case !== 'contrast') return rule.case ?? '';
  const { reference } = rule.value;
  return `contrast:${reference.case === 'lens' ? lensName(lenses[reference.value]!) : reference.value}`;
}

function coverage({ readPoints, decodesLastBlockAsModel, skippedPositions, warnings }: LensReading): JsonObject {
  return { read_points: readPoints, decodes_last_block_as_model: decodesLastBlockAsModel, skipped_positions: skippedPositions, warnings };
}

function pointJson({ block, site }: ReadPoint): JsonObject {
  return { block, site: site.replaceAll('-', '_') };
}

function columnJson({ description }: Column, vocabularySize: number): JsonObject {
  const { name, label, unit, minimum, direction, meaning, remark } = description;
  const maximum = description.atMostLogVocabulary ? Math.log(vocabularySize) : description.maximum;
  return {
    name, label, unit,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    direction: Direction[direction]!.toLowerCase(),
    meaning,
    ...(remark === undefined ? {} : { remark }),
  };
}

function targetJson({ target, encoding, ids }: TargetInfo): JsonObject {
  const shared = { token_ids: encoding.map(({ id }) => id), ids: ids.map((id) => id ?? null) };
  if (target === NEXT_TOKEN) return { kind: 'next_token', ...shared };
  if (target === FINAL_TOP) return { kind: 'final_top', ...shared };
  return typeof target === 'string' ? { kind: 'text', text: target, ...shared } : { kind: 'id', ...shared };
}

function readingJson(info: Info, { lens, point, arrays }: Layer): JsonObject {
  const [k, m] = [info.topK, info.targets.length];
  const ofPositions = <T>(values: T[][]) => (m === 0 ? info.positions.map((): T[] => []) : values);
  return {
    lens,
    read_point: info.points.findIndex((each) => isSamePoint(each, point)),
    ids: groups(arrays.ids, k, Number),
    log_probs: groups(arrays.logProbs, k, jsonFloat),
    columns: Object.fromEntries([...arrays.columns].map(([name, values]) => [name, Array.from(values, jsonFloat)])),
    ranks: ofPositions(groups(arrays.targetRanks, m, (rank) => rank || null)),
    target_log_probs: ofPositions(groups(arrays.targetLogProbs, m, jsonFloat)),
  };
}

function trajectoriesJson(info: Info, { tracked }: LensView, lens: number): JsonObject[] {
  return tracked.map(({ ids, logProbs }, p) => ({
    lens,
    position: info.positions[p]!,
    ids: [...ids],
    log_probs: logProbs.map((values) => Array.from(values, jsonFloat)),
  }));
}

function attributionJson({ info, parts, arrays, largestDifference }: Attribution): JsonObject {
  const floats = (values: Float32Array) => Array.from(values, jsonFloat);
  return {
    parts: parts.map((part, i) => ({ ...pointJson(part), shares: floats(arrays.shares[i]!) })),
    heads: [...arrays.heads].map(([block, shares]) => ({ block, count: shares.length / arrays.logits.length, shares: floats(shares) })),
    biases: floats(arrays.biases),
    logits: floats(arrays.logits),
    softcap: jsonFloat(info.model.logitSoftcap ?? 0),
    largest_difference: jsonFloat(largestDifference),
  };
}

function milliseconds(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) * 1e3 + duration.nanos / 1e6;
}
