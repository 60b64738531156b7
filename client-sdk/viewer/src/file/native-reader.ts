import type { Lens } from '../lens/lens.js';
import { Fields } from './fields.js';
import { require } from './file-error.js';
import { ascending, floats, integers } from './grid.js';
import { known, readCoverage, readHead, readLenses, type Head } from './head.js';
import type { Page } from './page.js';
import { PagedLens } from './paged-lens.js';

/**
 * Reads native JSON (docs/native-json.md), which is lossless: one result for each lens of the file. @throws FileError
 * with the place of the fault
 */
export function readNative(json: unknown): Lens[] {
  const file = new Fields(json, '$');
  return readLenses(file).map((_, lens) => {
    const head = readHead(file, lens);
    return PagedLens.of(head, readCells(file, lens, head));
  });
}

function readCells(file: Fields, lens: number, head: Head): Page {
  const { run, vocabulary } = head;
  const [layers, positions, k, targets] = [run.layers.length, run.positions.length, run.k, run.targets.length];
  const cells = positions * layers;
  const topIds = new Int32Array(cells * k);
  const topLogProbs = new Float32Array(cells * k);
  const statistics = new Map(run.statistics.map(({ name }) => [name, new Float32Array(cells)]));
  const ranks = run.targets.map(() => new Int32Array(cells));
  const targetLogProbs = run.targets.map(() => new Float32Array(cells));
  const readings = file.objects('readings').filter((reading) => reading.integer('lens') === lens);
  require(
    readings.length === layers,
    `$.readings: expected one for each of the ${layers} read points of lens ${lens}, found ${readings.length}`,
  );
  const coverage = readCoverage(file, lens);
  readings.forEach((reading, l) => {
    const point = reading.integer('read_point');
    require(point === coverage[l], `${reading.path}.read_point: expected ${coverage[l]}, found ${point}`);
    const at = (key: string) => `${reading.path}.${key}`;
    spread(integers(reading.get('ids'), at('ids'), undefined, positions, k), topIds, l, layers, k);
    spread(floats(reading.get('log_probs'), at('log_probs'), positions, k), topLogProbs, l, layers, k);
    const columns = reading.object('columns');
    for (const [name, values] of statistics) spread(floats(columns.get(name), `${columns.path}.${name}`, positions), values, l, layers, 1);
    const rank = integers(reading.get('ranks'), at('ranks'), 0, positions, targets);
    const logProb = floats(reading.get('target_log_probs'), at('target_log_probs'), positions, targets);
    run.targets.forEach(({ ids }, m) => {
      ids.forEach((id, p) => {
        const value = rank[p * targets + m]!;
        require(id === undefined ? value === 0 : value >= 1, `${at('ranks')}[${p}][${m}]: a rank is 1 or more where the target exists, and null elsewhere`);
        ranks[m]![p * layers + l] = value;
        targetLogProbs[m]![p * layers + l] = logProb[p * targets + m]!;
      });
    });
  });
  for (const id of new Set(topIds)) known(id, vocabulary);
  return { topIds, topLogProbs, statistics, ranks, targetLogProbs, ...readTrajectories(file, lens, head) };
}

function readTrajectories(file: Fields, lens: number, { run, vocabulary }: Head): Pick<Page, 'tracked' | 'curves'> {
  if (!run.hasTrajectories) {
    return { tracked: run.positions.map(() => new Int32Array()), curves: run.positions.map(() => new Float32Array()) };
  }
  const sections = file.objects('trajectories').filter((section) => section.integer('lens') === lens);
  require(
    sections.length === run.positions.length && sections.every((section, p) => section.integer('position') === run.positions[p]),
    `$.trajectories: expected one element for each of ${run.positions.length} positions, in order, found ${sections.length}`,
  );
  const tracked = sections.map((section) => ascending(section.get('ids'), `${section.path}.ids`, 0));
  for (const id of new Set(tracked.flatMap((ids) => [...ids]))) known(id, vocabulary);
  const curves = sections.map((section, p) =>
    floats(section.get('log_probs'), `${section.path}.log_probs`, tracked[p]!.length, run.layers.length),
  );
  return { tracked, curves };
}

/** Copies a layer's groups of `width` values, one per position, to their places in a page: layers within positions. */
function spread<A extends Float32Array | Int32Array>(values: A, page: A, l: number, layers: number, width: number): void {
  for (let p = 0, from = 0; from < values.length; p++, from += width) {
    page.set(values.subarray(from, from + width), (p * layers + l) * width);
  }
}
