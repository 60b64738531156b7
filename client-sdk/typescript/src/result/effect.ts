import type { MetricValue } from '../generated/stratalens/v1/intervention_pb.js';
import { isSamePoint, type ReadPoint } from './read-point.js';

/** What interventions did. */
export class Effect {
  /**
   * @param points read points of the result
   * @param reached of each read point the positions whose rows can differ from those of the unchanged pass, ascending
   * @param largestUnreachedDifference largest absolute difference among the rows of the result that cannot differ; undefined if there
   *     are none
   * @param metrics values of the requested metrics, in order
   */
  constructor(
    readonly points: readonly ReadPoint[],
    readonly reached: readonly (readonly number[])[],
    readonly largestUnreachedDifference: number | undefined,
    readonly metrics: readonly MetricValue[],
  ) {}

  /** Whether a cell can differ from that of the unchanged pass. */
  reaches(point: ReadPoint, position: number): boolean {
    return this.reached[this.points.findIndex((each) => isSamePoint(each, point))]?.includes(position) ?? false;
  }
}
