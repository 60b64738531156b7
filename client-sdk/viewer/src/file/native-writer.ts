import type { Lens, Outcome, PromptToken, Run, Target } from '../lens/lens.js';
import { FileError } from './file-error.js';
import { float32Text } from './float32-text.js';
import { FORMAT, STATISTIC_KEYS } from './head.js';

/**
 * A result as native JSON (docs/native-json.md), which keeps everything. Reads all of it first.
 *
 * @throws FileError where the result is not whole, or came from a format that says less
 */
export async function nativeJson(lens: Lens): Promise<string> {
  const { run, outcome } = lens;
  if (run.model.vocabularySize === undefined) {
    throw new FileError('this result came from V2 JSON, which lacks ids, log-sum-exp and facts of the model; save it as V2 JSON');
  }
  if (outcome === undefined) throw new FileError('this result is not whole yet; save it when its last layer has come');
  await lens.load(0, run.positions.length);
  const encoding = run.trajectoryEncoding;
  return object({
    format: json(FORMAT),
    ...opening(run),
    top_k: topK(lens),
    stats: statistics(lens),
    final_top: object({
      ids: array(run.finalTops, ({ token }) => String(token.id)),
      log_probs: array(run.finalTops, ({ logProb }) => float32Text(logProb)),
    }),
    targets: array(run.targets, (target, m) => targetText(lens, target, m)),
    ...(encoding === 'none' ? {} : { tracked_encoding: json(encoding), tracked: array(run.positions, (_, p) => trackedText(lens, p)) }),
    vocab: object(Object.fromEntries([...lens.vocabulary()].map(({ id, raw, text }) => [id, json({ raw, text })]))),
    ...closing(run, outcome),
  });
}

function opening(run: Run): Record<string, string> {
  const { name, architecture, layers, hiddenSize, vocabularySize, storedType, computeType, revision } = run.model;
  return {
    model: json({
      name, architecture, layers, hidden_size: hiddenSize, vocab_size: vocabularySize,
      stored_dtype: storedType, compute_dtype: computeType, revision,
    }),
    lens: json({ kind: run.lensKind, skip_final_norm: run.skipFinalNorm, approximate: run.approximate }),
    ...(run.prompt === undefined ? {} : { prompt: json(run.prompt) }),
    tokens: array(run.tokens, ({ id, raw, text, start, end }: PromptToken) => json({ id, raw, text, start, end })),
    layers: json(run.layers),
    positions: json(run.positions),
  };
}

function topK(lens: Lens): string {
  const places = Array.from({ length: lens.run.k }, (_, place) => place);
  return object({
    k: String(lens.run.k),
    ids: cells(lens, (l, p) => array(places, (place) => String(lens.prediction(l, p, place).token.id))),
    log_probs: cells(lens, (l, p) => array(places, (place) => float32Text(lens.prediction(l, p, place).logProb))),
  });
}

function statistics(lens: Lens): string {
  const asked = [...STATISTIC_KEYS].filter(([, name]) => lens.run.statistics.has(name));
  return object({
    log_sum_exp: cells(lens, (l, p) => float32Text(lens.logSumExp(l, p))),
    ...Object.fromEntries(asked.map(([key, name]) => [key, cells(lens, (l, p) => float32Text(lens.statistic(name, l, p)))])),
  });
}

function targetText(lens: Lens, { kind, text, tokenIds, ids }: Target, m: number): string {
  return object({
    kind: json(kind),
    ...(text === undefined ? {} : { text: json(text) }),
    token_ids: json(tokenIds),
    ids: json(ids.map((id) => id ?? null)),
    rank: cells(lens, (l, p) => String(lens.targetRank(m, l, p) || null)),
    log_prob: cells(lens, (l, p) => float32Text(lens.targetLogProb(m, l, p))),
  });
}

function trackedText(lens: Lens, p: number): string {
  const ids = [...lens.tracked(p)];
  const exact = lens.run.trajectoryEncoding === 'float32';
  const value = (l: number, id: number): string => {
    const logProb = lens.logProb(id, l, p)!;
    return exact ? float32Text(logProb) : String(Math.round(Math.exp(logProb) * 1e6));
  };
  return object({
    ids: json(ids),
    [exact ? 'log_probs' : 'ppm']: array(lens.run.layers, (_, l) => array(ids, (id) => value(l, id))),
  });
}

function closing(run: Run, { selfCheck, timings, omittedTrajectories, reservedBytes }: Outcome): Record<string, string> {
  return {
    self_check: object({
      max_logit_difference: float32Text(selfCheck.maxLogitDifference),
      top1_agrees: json(selfCheck.top1Agrees),
      positions: json(selfCheck.positions),
    }),
    timings: object({ queue_ms: double(timings.queueMs), forward_ms: double(timings.forwardMs), lens_ms: double(timings.lensMs) }),
    run: json({ request_id: run.requestId, omitted_trajectories: omittedTrajectories, reserved_bytes: reservedBytes }),
  };
}

/** A table [layer][position]. */
function cells(lens: Lens, cell: (l: number, p: number) => string): string {
  return array(lens.run.layers, (_, l) => array(lens.run.positions, (_, p) => cell(l, p)));
}

function array<T>(values: readonly T[], text: (value: T, i: number) => string): string {
  return `[${values.map(text).join(',')}]`;
}

/** Of values that are JSON already. */
function object(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields).map(([key, text]) => `${json(key)}:${text}`).join(',')}}`;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function double(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'null' : `"${value}"`;
}
