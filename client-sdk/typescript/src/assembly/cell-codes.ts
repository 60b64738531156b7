import type { StatisticName } from '../result/columns.js';
import type { LayerArrays } from '../result/layer.js';
import type { ReadPoint } from '../result/read-point.js';
import type { HeaderReader } from './header-reader.js';

/** A layer of one lens, and the codes that trajectories refer to, which are empty in streams without. */
export interface CellCodes extends LayerArrays {
  readonly point: ReadPoint;
  /** Codes of the predictions, [p * k]; 0 where the numbers came as floats. */
  readonly codes: Int32Array;
  /** Codes of the targets, [p * m]. */
  readonly targetCodes: Int32Array;
}

/** Makes room for a layer. */
export function allocateCells(head: HeaderReader, point: ReadPoint): CellCodes {
  const positions = head.positions.length;
  const [predictions, targets] = [positions * head.header.topK, positions * head.header.targets.length];
  const followed = head.header.hasTrajectories;
  return {
    point,
    ids: new Int32Array(predictions),
    logProbs: new Float32Array(predictions),
    targetRanks: new Int32Array(targets),
    targetLogProbs: new Float32Array(targets),
    columns: new Map<StatisticName, Float32Array>(head.columns.map(({ name }) => [name, new Float32Array(positions)])),
    codes: new Int32Array(followed ? predictions : 0),
    targetCodes: new Int32Array(followed ? targets : 0),
  };
}
