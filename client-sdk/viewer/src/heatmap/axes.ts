import type { ViewState } from '../state/view-state.js';
import { Line, THIN, type Place } from './geometry.js';

/** Which of layers and tokens runs down a map, and which across. */
export class Axes {
  constructor(
    readonly down: ViewState['down'],
    /** Indexes in the result of the shown layers. */
    readonly layers: readonly number[],
    readonly tokens: number,
    /** Which of the shown layers are thin; none if it is left out. */
    readonly thin: readonly boolean[] = [],
  ) {}

  get isTokensDown(): boolean {
    return this.down === 'tokens';
  }

  get rows(): number {
    return this.isTokensDown ? this.tokens : this.layers.length;
  }

  get columns(): number {
    return this.isTokensDown ? this.layers.length : this.tokens;
  }

  /** Room that the layers take, in layers. */
  get depth(): number {
    return this.layers.length - this.thin.filter((isThin) => isThin).length * (1 - THIN);
  }

  /** The cells down and across, at their sizes. */
  lines(rowHeight: number, columnWidth: number): readonly [Line, Line] {
    const [down, across] = this.isTokensDown ? [[], this.thin] : [this.thin, []];
    return [new Line(this.rows, rowHeight, down), new Line(this.columns, columnWidth, across)];
  }

  /** Where a shown layer and a token meet; -1 in place of one of them is the other's head. */
  place(layer: number, token: number): Place {
    return this.isTokensDown ? { row: token, column: layer } : { row: layer, column: token };
  }

  /** Index among the shown layers. */
  layerAt({ row, column }: Place): number {
    return this.isTokensDown ? column : row;
  }

  tokenAt({ row, column }: Place): number {
    return this.isTokensDown ? row : column;
  }
}
