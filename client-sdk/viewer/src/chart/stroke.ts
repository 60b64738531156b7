import { pinColor } from '../color/pins.js';
import { svg } from '../dom.js';
import type { Subject } from './curve.js';

/** Dashes of the compared positions, in their order; the main one is a plain line. */
const DASHES = [undefined, '7 4', '2 3', '10 3 2 3', '4 2'];

export interface Stroke {
  readonly stroke: string;
  readonly 'stroke-dasharray': string | undefined;
}

/**
 * The stroke of a curve: a pin in its color, the first target in ink, a quantity of cells in the color of its position.
 */
export function strokeOf(subject: Subject, place: number): Stroke {
  return { stroke: colorOf(subject, place), 'stroke-dasharray': DASHES[place % DASHES.length] };
}

/** A short piece of the line, for a legend. */
export function sample({ stroke, 'stroke-dasharray': dashes }: Stroke): SVGSVGElement {
  const line = svg('line', { x1: 1, x2: 27, y1: 5, y2: 5, stroke, 'stroke-dasharray': dashes, 'stroke-width': 2.5 });
  return svg('svg', { class: 'sl-sample', width: 28, height: 10, 'aria-hidden': 'true' }, line);
}

function colorOf(subject: Subject, place: number): string {
  switch (subject.kind) {
    case 'pin':
      return pinColor(subject.color);
    case 'target':
      return subject.place === 0 ? 'var(--sl-ink)' : pinColor(7 - (subject.place % 7));
    case 'cell':
      return pinColor(place);
  }
}
