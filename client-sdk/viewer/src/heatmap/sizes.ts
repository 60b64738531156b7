/** CSS pixels. */
export const LABEL_WIDTH = 56;
export const LABEL_HEIGHT = 14;
export const HEAD_HEIGHT = 42;

/** Below this width a cell shows only its color. */
export const TEXT_WIDTH = 26;
export const TEXT_HEIGHT = 14;

/** Below this height its text is small. */
export const LOW_ROW = 18;

/** More rows scroll inside the map. */
export const MOST_UNSCROLLED = 40;

/** How the cells of a map share the window with what else is in it. */
export interface Room {
  /** Kept free below the map. */
  readonly below: number;
  /** Columns that would be narrower scroll. */
  readonly leastColumn: number;
}

/** The room of a map that has the width of its viewer. */
export const ALONE: Room = { below: 46, leastColumn: 60 };

const USUAL_WIDTH = 76;
const USUAL_HEIGHT = 20;

/** The width at which columns fill a room, unless they become too narrow to read; then they scroll. */
export function columnWidthFor(room: number, columns: number, least: number): number {
  const each = Math.floor(room / columns);
  return each < least ? USUAL_WIDTH : Math.min(each, 150);
}

/** The height at which rows fit in a room, unless there are too many; then they scroll. */
export function rowHeightFor(room: number, rows: number): number {
  return rows > MOST_UNSCROLLED ? USUAL_HEIGHT : Math.min(26, Math.max(TEXT_HEIGHT, Math.floor(room / rows)));
}

/** Narrower columns would be too many to draw smoothly. */
export function fittingColumnWidth(width: number): number {
  return Math.round(Math.min(320, Math.max(14, width)));
}

export function fittingRowHeight(height: number): number {
  return Math.round(Math.min(80, Math.max(8, height)));
}
