/** Coordinates of the cells of a grid, in CSS pixels from the upper left cell (labels excluded). */
export interface Geometry {
  readonly rows: number;
  readonly columns: number;
  readonly rowHeight: number;
  readonly columnWidth: number;
  /** Whether the heads of the tokens are left of the cells, not above them. */
  readonly isTokensDown: boolean;
}

/** A place in the grid; row -1 is the heads of the columns, column -1 those of the rows. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** The share of a cell's size that a thin one has. */
export const THIN = 0.4;

/** Cells one after another, in CSS pixels. */
export class Line {
  /** Where each begins, and the last ends; undefined if all are equal. */
  readonly #starts: readonly number[] | undefined;

  /** @param thin which cells are thin; none if it is left out */
  constructor(
    readonly count: number,
    readonly size: number,
    thin: readonly boolean[] = [],
  ) {
    let at = 0;
    if (thin.includes(true)) this.#starts = [0, ...thin.map((isThin) => (at += isThin ? Math.ceil(THIN * size) : size))];
  }

  /** Where a cell begins; of the number of cells, the end of the last. */
  start(index: number): number {
    return this.#starts?.[index] ?? index * this.size;
  }

  extent(index: number): number {
    return this.start(index + 1) - this.start(index);
  }

  /** The cell at an offset, and as its fraction how far into it. */
  place(offset: number): number {
    const index = this.#starts?.findLastIndex((start) => start <= offset) ?? -1;
    if (index < 0) return offset / this.size;
    return index < this.count ? index + (offset - this.start(index)) / this.extent(index) : index;
  }

  /** Indexes `from .. to - 1` of the cells in a stretch. */
  within(offset: number, length: number): [number, number] {
    const from = Math.min(this.count, Math.max(0, Math.floor(this.place(offset))));
    return [from, Math.max(from, Math.min(this.count, Math.ceil(this.place(offset + length))))];
  }

  /** The nearest scroll offset at which a cell is fully inside a stretch, or at its start if the cell is larger. */
  toShow(index: number, offset: number, length: number): number {
    const start = this.start(index);
    const size = this.extent(index);
    if (start < offset || size > length) return start;
    return Math.max(offset, start + size - length);
  }
}

/** The scroll offset at which the start of a cell stays where it was when all cells change their size. */
export function anchoredOffset(index: number, before: number, after: number, offset: number): number {
  return Math.max(0, offset + index * (after - before));
}

/** The place that a key moves to, a cell or the head of a token; undefined for other keys. A page is the visible part of the grid. */
export function placeAfter(
  key: string,
  control: boolean,
  from: Place,
  { rows, columns, isTokensDown }: Geometry,
  page: number,
): Place | undefined {
  const to = (row: number, column: number): Place => ({
    row: Math.min(rows - 1, Math.max(isTokensDown ? 0 : -1, row)),
    column: Math.min(columns - 1, Math.max(isTokensDown ? -1 : 0, column)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(control ? 0 : from.row - 1, from.column);
    case 'ArrowDown':
      return to(control ? rows - 1 : from.row + 1, from.column);
    case 'ArrowLeft':
      return to(from.row, control ? 0 : from.column - 1);
    case 'ArrowRight':
      return to(from.row, control ? columns - 1 : from.column + 1);
    case 'Home':
      return to(control ? 0 : from.row, 0);
    case 'End':
      return to(control ? rows - 1 : from.row, columns - 1);
    case 'PageUp':
      return to(Math.max(0, from.row - page), from.column);
    case 'PageDown':
      return to(from.row + page, from.column);
    default:
      return undefined;
  }
}
