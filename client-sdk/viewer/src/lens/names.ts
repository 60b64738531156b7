import type { Lens } from './lens.js';
import { visibleText } from './visible-text.js';

/** Longer texts are cut; their ids distinguish them. */
const LONGEST = 40;

/** A text on one line, with visible white space, cut if it is long. */
export function shortText(text: string): string {
  const visible = visibleText(text.slice(0, LONGEST + 1));
  return text.length > LONGEST ? `${[...visible].slice(0, LONGEST).join('')}…` : visible;
}

/** Tokens of a pin: `·Paris + ·Lyon`; an id that is not in this result (from the link of another) stays an id. */
export function tokensName(lens: Lens, ids: readonly number[]): string {
  return ids.map((id) => tokenName(lens, id)).join(' + ');
}

function tokenName(lens: Lens, id: number): string {
  try {
    return shortText(lens.token(id).text);
  } catch {
    return `id ${id}`;
  }
}

/** The position and its token: `5 ·of`. */
export function positionName(lens: Lens, p: number): string {
  const position = lens.run.positions[p]!;
  return `${position} ${shortText(lens.run.tokens[position]?.text ?? '')}`;
}

/** Name of a layer on axes and in read-outs. */
export function layerName(lens: Lens, l: number): string {
  const layer = lens.run.layers[l]!;
  return layer < 0 ? 'embedding' : `layer ${layer}`;
}
