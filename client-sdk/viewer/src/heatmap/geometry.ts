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

/** Indexes `from .. to - 1` of the cells in a stretch of a line of `count` equal cells. */
export function within(offset: number, length: number, size: number, count: number): [number, number] {
  const from = Math.min(count, Math.max(0, Math.floor(offset / size)));
  return [from, Math.max(from, Math.min(count, Math.ceil((offset + length) / size)))];
}

/** The nearest scroll offset at which a cell is fully inside a stretch, or at its start if the cell is larger. */
export function offsetToShow(index: number, size: number, offset: number, length: number): number {
  const start = index * size;
  if (start < offset || size > length) return start;
  return Math.max(offset, start + size - length);
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
