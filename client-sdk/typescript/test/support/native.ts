import { strict as assert } from 'node:assert';
import type { LensResult, LensView, ReadPoint, StatisticName } from '../../src/api.js';

type Number32 = number | null | 'Infinity' | '-Infinity';

/** A result in the native format, docs/native-json.md. */
export interface Native {
  readonly prompt?: string;
  readonly tokens: readonly { id: number; raw: string; text: string; start?: number; end?: number }[];
  readonly read_points: readonly NativePoint[];
  readonly positions: readonly number[];
  readonly top_k: number;
  readonly targets: readonly { token_ids: number[]; ids: (number | null)[] }[];
  readonly final_top: { ids: number[]; log_probs: Number32[] };
  readonly readings: readonly {
    lens: number; read_point: number; ids: number[][]; log_probs: Number32[][];
    columns: Record<StatisticName, Number32[]>; ranks: (number | null)[][]; target_log_probs: Number32[][];
  }[];
  readonly trajectories?: readonly { lens: number; position: number; ids: number[]; log_probs: Number32[][] }[];
  readonly attribution?: {
    parts: (NativePoint & { shares: Number32[] })[]; heads: { block: number; count: number; shares: Number32[] }[];
    biases: Number32[]; logits: Number32[]; largest_difference: Number32;
  };
  readonly vocab: Record<string, { raw: string; text: string }>;
}

interface NativePoint {
  readonly block?: number;
  readonly site: string;
}

/** Fails unless a result has all the numbers of a file. */
export function compare(file: Native, result: LensResult): void {
  const { info } = result;
  assert.equal(info.prompt, file.prompt);
  assert.deepEqual(info.positions, file.positions);
  assert.equal(info.topK, file.top_k);
  assert.deepEqual(info.tokens, file.tokens.map(({ id, raw, text, start, end }) => ({ id, raw, text, start, end })));
  for (const [id, { raw, text }] of Object.entries(file.vocab)) assert.deepEqual(info.token(Number(id)), { id: Number(id), raw, text });
  assert.deepEqual(info.finalTops.map(({ token }) => token.id), file.final_top.ids);
  allNear(info.finalTops.map(({ logProb }) => logProb), file.final_top.log_probs);
  assert.deepEqual(info.targets.map(({ encoding }) => encoding.map(({ id }) => id)), file.targets.map((target) => target.token_ids));
  assert.deepEqual(info.targets.map(({ ids }) => ids.map((id) => id ?? null)), file.targets.map(({ ids }) => ids));
  compareReadings(file, result);
  compareTrajectories(file, result);
  compareAttribution(file, result);
}

function compareReadings(file: Native, result: LensResult): void {
  assert.equal(result.lenses.reduce((sum, { layers }) => sum + layers.length, 0), file.readings.length);
  for (const reading of file.readings) {
    const lens = result.lenses[reading.lens]!;
    const point = pointOf(file.read_points[reading.read_point]!);
    file.positions.forEach((position, p) => {
      assert.deepEqual([...lens.topIds.cell(point, position)], reading.ids[p]);
      allNear(lens.topLogProbs.cell(point, position), reading.log_probs[p]!);
      compareTargets(result, lens, point, position, reading.ranks[p]!, reading.target_log_probs[p]!);
    });
    for (const [name, values] of Object.entries(reading.columns)) allNear(lens.at(point).column(name as StatisticName), values);
  }
}

function compareTargets(
  result: LensResult, lens: LensView, point: ReadPoint, position: number, ranks: (number | null)[], logProbs: Number32[]): void {
  result.info.targets.forEach(({ target }, m) => {
    assert.equal(lens.ranks(target).cell(point, position)[0], ranks[m] ?? 0);
    near(lens.targetLogProbs(target).cell(point, position)[0]!, logProbs[m]!);
  });
}

function compareTrajectories(file: Native, result: LensResult): void {
  for (const expected of file.trajectories ?? []) {
    const lens = result.lenses[expected.lens]!;
    assert.deepEqual(lens.tracked[file.positions.indexOf(expected.position)]!.ids, expected.ids);
    expected.ids.forEach((id, i) => allNear(lens.trajectory(id, expected.position)!, expected.log_probs[i]!));
  }
}

function compareAttribution(file: Native, { attribution, info }: LensResult): void {
  assert.equal(attribution === undefined, file.attribution === undefined);
  if (attribution === undefined || file.attribution === undefined) return;
  const { parts, heads, biases, logits, largest_difference } = file.attribution;
  assert.deepEqual(attribution.parts, parts.map(pointOf));
  near(attribution.largestDifference, largest_difference);
  file.positions.forEach((position, p) => info.targets.forEach(({ target }, m) => {
    const at = p * info.targets.length + m;
    near(attribution.biasShare(target, position), biases[at]!);
    near(attribution.logit(target, position), logits[at]!);
    for (const part of parts) near(attribution.share(pointOf(part), target, position), part.shares[at]!);
    for (const { block, count, shares } of heads) {
      assert.equal(attribution.heads(block), count);
      for (let head = 0; head < count; head++) near(attribution.headShare(block, head, target, position), shares[at * count + head]!);
    }
  }));
}

function pointOf({ block, site }: NativePoint): ReadPoint {
  return { block: block ?? 0, site: site.replaceAll('_', '-') as ReadPoint['site'] };
}

function allNear(came: ArrayLike<number>, expected: readonly Number32[]): void {
  assert.equal(came.length, expected.length);
  expected.forEach((value, i) => near(came[i]!, value));
}

/** The same but for the last bit of a float32, which is that of another library's exponential function. */
function near(came: number, expected: Number32): void {
  const value = expected === null ? NaN : Number(expected);
  assert.ok(Object.is(came, value) || came === value || Math.abs(came - value) <= 3e-7 * Math.abs(value), `${came}, expected ${value}`);
}

/** Fails unless two JSON values are the same but for the last bits of their numbers. */
export function sameJson(came: unknown, expected: unknown, path = '$'): void {
  if (typeof expected === 'number' && typeof came === 'number') {
    near(came, expected);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof came === 'object' && came !== null, path);
    assert.deepEqual(Object.keys(came).sort(), Object.keys(expected).sort(), path);
    for (const [key, value] of Object.entries(expected)) sameJson((came as Record<string, unknown>)[key], value, `${path}.${key}`);
  } else {
    assert.equal(came, expected, path);
  }
}
