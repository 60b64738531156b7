import type { Locator } from 'playwright-core';

/** A cell of a map that shows all layers and tokens, by layer and position. */
export function mapCell(map: Locator, layer: number, position: number): Locator {
  return map.locator(`[aria-rowindex="${layer + 2}"] [aria-colindex="${position + 2}"]`);
}

/** The rows of a map of differences: an x for each cell whose label says that the change can reach it. */
export function reachedCells(difference: Locator): Promise<string[]> {
  const mark = (rows: Element[]): string[] =>
    rows.map((row) => [...row.querySelectorAll('.sl-cell')].map((each) => (each.getAttribute('aria-label')!.endsWith('within reach of the change') ? 'x' : '.')).join(''));
  return difference.locator('.sl-rows .sl-row').evaluateAll(mark);
}
