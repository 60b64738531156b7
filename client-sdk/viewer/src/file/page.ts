import type { Run } from '../lens/lens.js';
import { require } from './file-error.js';
import { Planes } from './planes.js';

/**
 * The numbers of neighboring positions: position by position and, within one, layer by layer. Trajectories are one row
 * of all layers for each tracked id.
 */
export interface Page {
  readonly topIds: Int32Array;
  readonly topLogProbs: Float32Array;
  /** By name. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** By target. */
  readonly ranks: readonly Int32Array[];
  /** By target. */
  readonly targetLogProbs: readonly Float32Array[];
  /** Tracked ids by position, ascending. */
  readonly tracked: readonly Int32Array[];
  /** By position. */
  readonly curves: readonly Float32Array[];
}

/** Reads a page of a report's block (docs/viewer-file.md). `ids` are those of the vocabulary, ascending. */
export function readPage(bytes: Uint8Array, run: Run, positions: number, ids: Int32Array): Page {
  const planes = new Planes(bytes);
  const layers = run.layers.length;
  const cells = positions * layers;
  const sizes = planes.integers(positions);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const steps = planes.integers(total);
  const followed = planes.integers(total);
  const occurring = splitIds(sizes, steps, ids);
  const places = planes.integers(cells * run.k);
  const topIds = places.map((place, i) => occurring[Math.floor(i / (layers * run.k))]![place] ?? -1);
  require(!topIds.includes(-1), 'a prediction is not a token of its position');
  const topLogProbs = planes.floats(cells * run.k);
  const statistics = new Map(run.statistics.map(({ name }) => [name, planes.floats(cells)]));
  const ranks: Int32Array[] = [];
  const targetLogProbs: Float32Array[] = [];
  for (let target = 0; target < run.targets.length; target++) {
    ranks.push(planes.integers(cells));
    targetLogProbs.push(planes.floats(cells));
  }
  let flag = 0;
  const tracked = occurring.map((list) => list.filter(() => followed[flag++] === 1));
  const rows = tracked.reduce((sum, list) => sum + list.length, 0) * layers;
  const values = planes.floats(rows);
  planes.end();
  let at = 0;
  const curves = tracked.map((list) => values.subarray(at, (at += list.length * layers)));
  return { topIds, topLogProbs, statistics, ranks, targetLogProbs, tracked, curves };
}

function splitIds(sizes: Int32Array, steps: Int32Array, ids: Int32Array): Int32Array[] {
  let at = 0;
  return [...sizes].map((size) => {
    let index = 0;
    return steps.slice(at, (at += size)).map((step) => {
      index += step;
      const id = ids[index];
      require(id !== undefined, 'a token is not in the vocabulary');
      return id;
    });
  });
}
