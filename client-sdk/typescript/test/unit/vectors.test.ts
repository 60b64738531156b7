import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Assembler } from '../../src/assembly/assembler.js';
import { GenerationAssembler } from '../../src/assembly/generation-assembler.js';
import { SweepAssembler } from '../../src/assembly/sweep-assembler.js';
import { LensError } from '../../src/errors.js';
import { nativeJson } from '../../src/file/native-json.js';
import { StopReason } from '../../src/generated/stratalens/v1/generation_pb.js';
import { AnalyzeRequestSchema, EventSchema, GenerateRequestSchema, SweepEventSchema, SweepRequestSchema } from '../../src/generated/stratalens/v1/lens_service_pb.js';
import type { GenerationResult } from '../../src/result/generation.js';
import type { LensResult } from '../../src/result/result.js';
import type { SweepResult } from '../../src/result/sweep.js';
import { compare, sameJson, type Native } from '../support/native.js';
import { recordedResult, vectorNames, vectorOf, type Vector } from '../support/vector.js';

/** Tests that an answer is read to its outcome, and that what is complete is as recorded. */
function testOutcome<Told, Result>(
  { name, events, outcome }: Vector<unknown, Told>, assembler: () => { add(event: Told): void; finish(): Result },
  requireSame: (result: Result, file: unknown) => void): void {
  test(`${name}: ${outcome.because}`, () => {
    const read = () => {
      const assembly = assembler();
      for (const event of events) assembly.add(event);
      return assembly.finish();
    };
    if (outcome.outcome === 'broken') {
      assert.throws(read, (error) => error instanceof LensError && error.code === 'BROKEN_STREAM');
    } else {
      requireSame(read(), recordedResult(name));
    }
  });
}

test('there are vectors', () => {
  const counts = ['', 'changed', 'generate', 'sweep'].map((kind) => vectorNames(kind).length);
  [80, 15, 30, 18].forEach((least, i) => assert.ok(counts[i]! >= least, `${counts}`));
});

for (const name of vectorNames()) {
  const vector = vectorOf(name, AnalyzeRequestSchema, EventSchema);
  testOutcome(vector, () => new Assembler(vector.request), (result, file) => {
    compare(file as Native, result);
    sameJson(nativeJson(result), file);
  });
}

for (const name of vectorNames('changed')) {
  const vector = vectorOf(name, AnalyzeRequestSchema, EventSchema);
  testOutcome(vector, () => new Assembler(vector.request), (result, file) => sameJson(changedJson(result), file));
}

for (const name of vectorNames('generate')) {
  const vector = vectorOf(name, GenerateRequestSchema, EventSchema);
  testOutcome(vector, () => new GenerationAssembler(vector.request), (result, file) => sameJson(generationJson(result), file));
}

for (const name of vectorNames('sweep')) {
  const vector = vectorOf(name, SweepRequestSchema, SweepEventSchema);
  testOutcome(vector, () => new SweepAssembler(), (result, file) => sameJson(sweepJson(result), file));
}

function changedJson(result: LensResult): unknown {
  const { info, unchanged } = result;
  const effect = result.effect!;
  return {
    result: nativeJson(result),
    reached: info.points.map(({ block, site }) => ({ block, site, positions: info.positions.filter((each) => effect.reaches({ block, site }, each)) })),
    metrics: effect.metrics.map((metric) => ({ unchanged: metric.unchanged, changed: metric.changed })),
    ...(effect.largestUnreachedDifference === undefined ? {} : { largest_unreached_difference: effect.largestUnreachedDifference }),
    ...(unchanged === undefined ? {} : { unchanged: nativeJson(unchanged) }),
  };
}

function generationJson({ text, stopReason, tokens, reading, seed }: GenerationResult): unknown {
  return {
    text,
    stop_reason: StopReason[stopReason].toLowerCase().replace('_', '-'),
    tokens: tokens.map(({ position, token, logProb, settledFrom, forced, text: completed }) => (
      { position, id: token.id, log_prob: logProb, settled_from: settledFrom ?? null, forced, text: completed })),
    reading: nativeJson(reading),
    ...(seed === undefined ? {} : { seed: `${seed}` }),
  };
}

function sweepJson({ header, tokens, values }: SweepResult): unknown {
  const { layers, positions, heads, metric, unchanged, source } = header;
  return {
    tokens: tokens.map(({ text }) => text),
    layers,
    positions,
    heads,
    metric_position: metric!.position,
    unchanged,
    values: [...values],
    ...(source === undefined ? {} : { source }),
  };
}
