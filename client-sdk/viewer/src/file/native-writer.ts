import { readPoint } from '../lens/layers.js';
import type { Fit, Lens, Outcome, PromptToken, Run } from '../lens/lens.js';
import { FileError } from './file-error.js';
import { float32Text } from './float32-text.js';
import { FORMAT } from './head.js';

/**
 * A result as native JSON (docs/native-json.md), which is lossless. Loads all of it first.
 *
 * @throws FileError if the result is incomplete, or came from a format with less information
 */
export async function nativeJson(lens: Lens): Promise<string> {
  const { run, outcome } = lens;
  if (run.model.vocabularySize === undefined) {
    throw new FileError('this result came from V2 JSON, which lacks ids, log-sum-exp and facts of the model; save it as V2 JSON');
  }
  if (outcome === undefined) throw new FileError('this result is incomplete; save it when its last layer has arrived');
  await lens.load(0, run.positions.length);
  return object({
    format: json(FORMAT),
    ...opening(run),
    targets: json(run.targets.map(({ kind, text, tokenIds, ids }) => ({ kind, text, token_ids: tokenIds, ids: ids.map((id) => id ?? null) }))),
    final_top: object({
      ids: array(run.finalTops, ({ token }) => String(token.id)),
      log_probs: array(run.finalTops, ({ logProb }) => float32Text(logProb)),
    }),
    readings: array(run.layers, (_, l) => reading(lens, l)),
    ...(run.hasTrajectories ? { trajectories: array(run.positions, (position, p) => trajectories(lens, position, p)) } : {}),
    vocab: object(Object.fromEntries([...lens.vocabulary()].map(({ id, raw, text }) => [id, json({ raw, text })]))),
    ...closing(run, outcome),
    ...(outcome.attribution === undefined ? {} : { attribution: json(outcome.attribution) }),
  });
}

function opening(run: Run): Record<string, string> {
  const { name, architecture, layers, hiddenSize, vocabularySize, storedType, computeType, revision } = run.model;
  return {
    model: json({
      name, architecture, layers, hidden_size: hiddenSize, vocab_size: vocabularySize,
      stored_dtype: storedType, compute_dtype: computeType, revision,
    }),
    lenses: json([run.lens]),
    ...(run.fit === undefined ? {} : { coverage: json([coverage(run, run.fit)]) }),
    approximate: json(run.approximate),
    number_form: json(run.numberForm),
    ...(run.prompt === undefined ? {} : { prompt: json(run.prompt) }),
    tokens: array(run.tokens, ({ id, raw, text, start, end }: PromptToken) => json({ id, raw, text, start, end })),
    read_points: json(run.layers.map(readPoint)),
    positions: json(run.positions),
    top_k: String(run.k),
    ...(run.candidates === undefined ? {} : { candidates: json(run.candidates) }),
    columns: json(run.statistics),
  };
}

/** The file holds one lens, and no other read points than its own. */
function coverage({ layers }: Run, { decodesLastBlockAsModel, skippedPositions, warnings }: Fit): unknown {
  return {
    read_points: layers.map((_, l) => l),
    decodes_last_block_as_model: decodesLastBlockAsModel, skipped_positions: skippedPositions, warnings,
  };
}

/** A layer's cells. */
function reading(lens: Lens, l: number): string {
  const { k, positions, statistics, targets } = lens.run;
  const places = Array.from({ length: k }, (_, place) => place);
  const ofPositions = (text: (p: number) => string) => array(positions, (_, p) => text(p));
  return object({
    lens: '0',
    read_point: String(l),
    ids: ofPositions((p) => array(places, (place) => String(lens.prediction(l, p, place).token.id))),
    log_probs: ofPositions((p) => array(places, (place) => float32Text(lens.prediction(l, p, place).logProb))),
    columns: object(Object.fromEntries(statistics.map(({ name }) => [name, ofPositions((p) => float32Text(lens.statistic(name, l, p)))]))),
    ranks: ofPositions((p) => array(targets, (_, m) => String(lens.targetRank(m, l, p) || null))),
    target_log_probs: ofPositions((p) => array(targets, (_, m) => float32Text(lens.targetLogProb(m, l, p)))),
  });
}

function trajectories(lens: Lens, position: number, p: number): string {
  const ids = [...lens.tracked(p)];
  return object({
    lens: '0',
    position: String(position),
    ids: json(ids),
    log_probs: array(ids, (id) => array(lens.run.layers, (_, l) => float32Text(lens.logProb(id, l, p)!))),
  });
}

function closing(run: Run, { selfCheck, timings, omittedTrajectories, reservedBytes }: Outcome): Record<string, string> {
  return {
    self_check: object({
      max_logit_difference: float32Text(selfCheck.maxLogitDifference),
      top1_agrees: json(selfCheck.top1Agrees),
      positions: json(selfCheck.positions),
    }),
    ...(timings === undefined ? {} : { timings: json({ queued_ms: timings.queuedMs, forward_ms: timings.forwardMs, lens_ms: timings.lensMs }) }),
    run: json({ request_id: run.requestId, omitted_trajectories: omittedTrajectories, reserved_bytes: reservedBytes }),
  };
}

function array<T>(values: readonly T[], text: (value: T, i: number) => string): string {
  return `[${values.map(text).join(',')}]`;
}

/** A JSON object from values that are JSON already. */
function object(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields).map(([key, text]) => `${json(key)}:${text}`).join(',')}}`;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
