import { isSamePoint, layerPoint, pointInWords, type ReadPoint } from './read-point.js';

/** Arrays that hold the numbers of grids. */
export type Values = Int32Array | Float32Array;

/** One array of a lens over its read points and the positions that were read. */
export class Grid<A extends Values> {
  /**
   * @param width number of values of a cell: the predictions per cell for ids and log-probabilities, else 1
   * @param values row-major, [points * positions * width]
   */
  constructor(readonly points: readonly ReadPoint[], readonly positions: readonly number[], readonly width: number, readonly values: A) {}

  /** The first value of a cell, by layer number and token position. @throws RangeError if they were not read */
  at(layer: number, position: number): number {
    return this.cell(layerPoint(layer), position)[0]!;
  }

  /** The values of a cell. @throws RangeError if there is none */
  cell(point: ReadPoint, position: number): A {
    const row = this.points.findIndex((each) => isSamePoint(each, point));
    const column = this.positions.indexOf(position);
    if (row < 0 || column < 0) {
      throw new RangeError(`${pointInWords(point)} at position ${position} was not read; there are ${this.points.map(pointInWords).join(', ')} at ${this.positions.join(', ')}`);
    }
    const from = (row * this.positions.length + column) * this.width;
    return this.values.subarray(from, from + this.width) as A;
  }
}
