import { longLayer } from './layers.js';
import type { Lens } from './lens.js';
import { promptText } from './prompt-text.js';
import { cut, isolated, visibleText } from './visible-text.js';

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

/** The token at a position, short. */
export function inputName({ run }: Lens, p: number): string {
  return cut(promptText(run, run.positions[p]!), LONGEST + 1);
}

/** The position and its token: `5 ·of`. The token is isolated, since it may run from right to left. */
export function positionName(lens: Lens, p: number): string {
  return `${lens.run.positions[p]} ${isolated(inputName(lens, p))}`;
}

/** Name of a layer on axes and in read-outs. */
export function layerName(lens: Lens, l: number): string {
  return longLayer(lens.run.layers[l]!);
}
