import type { ViewState } from '../state/view-state.js';

/** CSS pixels of a map. */
export interface MapSizes {
  /** Width of the heads of its rows. */
  readonly labelWidth: number;
  /** Height of the heads of its columns. */
  readonly headHeight: number;
  /** Columns that would be narrower scroll. */
  readonly leastColumn: number;
}

/** Heads of tokens have a number and a text, those of layers a number. */
export const SIZES: Readonly<Record<ViewState['down'], MapSizes>> = {
  layers: { labelWidth: 56, headHeight: 42, leastColumn: 60 },
  tokens: { labelWidth: 120, headHeight: 24, leastColumn: 42 },
};

export const LABEL_HEIGHT = 14;

/** Below this width a cell shows only its color. */
export const TEXT_WIDTH = 26;
export const TEXT_HEIGHT = 14;

/** Below this height its text is small. */
export const LOW_ROW = 18;

/** More rows scroll inside the map. */
export const MOST_UNSCROLLED = 40;

/** More columns do not fit across an ordinary window. */
const MOST_ACROSS = 20;

/** What runs down a map of a shape, unless the reader chooses: a long text does if its layers fit across, else the layers. */
export function downFor(layers: number, tokens: number): ViewState['down'] {
  return tokens > MOST_ACROSS && layers <= MOST_ACROSS ? 'tokens' : 'layers';
}

/** How the cells of a map share the window with what else is in it. */
export interface Room {
  /** Kept free below the map. */
  readonly below: number;
  /** In place of that of {@link SIZES}. */
  readonly leastColumn?: number;
}

/** The room of a map that has the width of its viewer. */
export const ALONE: Room = { below: 46 };

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
