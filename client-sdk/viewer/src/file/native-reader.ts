import type { Lens, StatisticName } from '../lens/lens.js';
import { Fields } from './fields.js';
import { require } from './file-error.js';
import { ascending, floats, integers } from './grid.js';
import { known, readHead, STATISTIC_KEYS } from './head.js';
import type { Page } from './page.js';
import { PagedLens, type Head } from './paged-lens.js';

/** Reads native JSON (docs/native-json.md), which keeps everything; refuses with a FileError that says what is wrong where. */
export function readNative(json: unknown): Lens {
  const file = new Fields(json, '$');
  const stats = file.has('stats') ? file.object('stats') : new Fields({}, '$.stats');
  const head = readHead(file, [...STATISTIC_KEYS.keys()].filter((key) => stats.has(key)));
  return PagedLens.of(head, readCells(file, stats, head));
}

function readCells(file: Fields, stats: Fields, head: Head): Page {
  const { run, vocabulary } = head;
  const [layers, positions, k] = [run.layers.length, run.positions.length, run.k];
  const table = (fields: Fields, key: string) =>
    turned(floats(fields.get(key), `${fields.path}.${key}`, layers, positions), layers, positions, 1);
  const topK = file.object('top_k');
  const topIds = turned(integers(topK.get('ids'), '$.top_k.ids', undefined, layers, positions, k), layers, positions, k);
  for (const id of new Set(topIds)) known(id, vocabulary);
  const topLogProbs = turned(floats(topK.get('log_probs'), '$.top_k.log_probs', layers, positions, k), layers, positions, k);
  const statistics = new Map<StatisticName, Float32Array>();
  for (const [key, name] of STATISTIC_KEYS) if (stats.has(key)) statistics.set(name, table(stats, key));
  const targets = file.objects('targets');
  const ranks = targets.map((target, m) => {
    const rank = integers(target.get('rank'), `${target.path}.rank`, 0, layers, positions);
    rank.forEach((value, at) => {
      const exists = run.targets[m]!.ids[at % positions] !== undefined;
      require(exists ? value >= 1 : value === 0, `${target.path}.rank: a rank is 1 or more where the target exists, and null elsewhere`);
    });
    return turned(rank, layers, positions, 1);
  });
  return {
    topIds,
    topLogProbs,
    logSumExps: table(stats, 'log_sum_exp'),
    statistics,
    ranks,
    targetLogProbs: targets.map((target) => table(target, 'log_prob')),
    ...readTracked(file, head),
  };
}

function readTracked(file: Fields, { run, vocabulary }: Head): Pick<Page, 'tracked' | 'curves'> {
  if (run.trajectoryEncoding === 'none') {
    return { tracked: run.positions.map(() => new Int32Array()), curves: run.positions.map(() => new Int32Array()) };
  }
  const sections = file.objects('tracked');
  require(sections.length === run.positions.length, `$.tracked: expected one element for each of ${run.positions.length} positions, found ${sections.length}`);
  const tracked = sections.map((section) => ascending(section.get('ids'), `${section.path}.ids`, 0));
  for (const id of new Set(tracked.flatMap((ids) => [...ids]))) known(id, vocabulary);
  const curves = sections.map((section, p) => {
    const size = tracked[p]!.length;
    if (run.trajectoryEncoding === 'float32') {
      return turned(floats(section.get('log_probs'), `${section.path}.log_probs`, run.layers.length, size), run.layers.length, size, 1);
    }
    const ppm = integers(section.get('ppm'), `${section.path}.ppm`, undefined, run.layers.length, size);
    const bad = ppm.find((value) => value < 0 || value > 1e6);
    require(bad === undefined, `${section.path}.ppm: ${bad} is outside 0 .. 1000000`);
    return turned(ppm, run.layers.length, size, 1);
  });
  return { tracked, curves };
}

/** From rows of `columns` groups of `width` values to columns of rows. */
function turned<A extends Float32Array | Int32Array>(values: A, rows: number, columns: number, width: number): A {
  const out = values.slice() as A;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let i = 0; i < width; i++) out[(column * rows + row) * width + i] = values[(row * columns + column) * width + i]!;
    }
  }
  return out;
}
