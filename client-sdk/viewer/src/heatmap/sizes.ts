/** CSS pixels. */
export const LABEL_WIDTH = 56;
export const LABEL_HEIGHT = 14;
export const HEAD_HEIGHT = 42;

/** Below this width a cell shows only its color. */
export const TEXT_WIDTH = 26;
export const TEXT_HEIGHT = 14;

/** Narrower columns would be too many to draw smoothly. */
export function fittingColumnWidth(width: number): number {
  return Math.round(Math.min(320, Math.max(14, width)));
}

export function fittingRowHeight(height: number): number {
  return Math.round(Math.min(80, Math.max(8, height)));
}
