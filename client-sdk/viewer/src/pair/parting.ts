import type { DifferenceLens } from './difference-lens.js';
import { DISTANCE } from './difference-lens.js';

/** Distributions this far apart part; the command line's comparison says the same. */
export const APART = 0.1;

/** Where in depth the two predictions of a position part: indexes of layers, undefined if they never do. */
export interface Parting {
  readonly apart: number | undefined;
  readonly otherBest: number | undefined;
  readonly farthest: number;
  readonly distance: number;
}

/** The position must be loaded, and have a layer. */
export function parting(lens: DifferenceLens, p: number): Parting {
  const distances = Array.from({ length: lens.layersReady }, (_, l) => lens.statistic(DISTANCE.name, l, p));
  const first = (is: (l: number) => boolean) => distances.map((_, l) => l).find(is);
  const distance = Math.max(...distances);
  return { apart: first((l) => distances[l]! >= APART), otherBest: first((l) => !lens.agrees(l, p)), farthest: distances.indexOf(distance), distance };
}
