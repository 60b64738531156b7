import { positionIndex } from '../lens/address.js';
import type { Lens, PromptToken, Run } from '../lens/lens.js';
import type { CellAddress } from '../state/view-state.js';
import { commonTokens } from './common-tokens.js';

/** Something of the first result and its counterpart in the second. */
export type Two = readonly [a: number, b: number];

/** Two results, and which of their layers and positions belong together. Nothing here knows why they differ. */
export interface Pair {
  readonly a: Lens;
  readonly b: Lens;
  /** Whether an id is the same token in both. */
  readonly oneVocabulary: boolean;
  /** Indexes into `run.layers`, ascending in both. */
  readonly layers: readonly Two[];
  /** Indexes into `run.positions`, ascending in both. */
  readonly positions: readonly Two[];
}

export function pairOf(a: Lens, b: Lens): Pair {
  return { a, b, oneVocabulary: isOneVocabulary(a, b), layers: pairedLayers(a.run, b.run), positions: pairedPositions(a.run, b.run) };
}

/** The counterpart in the second result of a cell of the first. */
export function forth({ a, b, layers, positions }: Pair, { layer, position }: CellAddress): CellAddress | undefined {
  const l = layers.find(([first]) => a.run.layers[first] === layer);
  const p = positions.find(([first]) => a.run.positions[first] === position);
  return l && p && { layer: b.run.layers[l[1]]!, position: b.run.positions[p[1]]! };
}

/** The same pair, the second result first. */
export function swapped({ a, b, layers, positions, ...rest }: Pair): Pair {
  const swap = ([one, other]: Two): Two => [other, one];
  return { a: b, b: a, layers: layers.map(swap), positions: positions.map(swap), ...rest };
}

/** The same size, and the same spelling of every id that both results know. */
function isOneVocabulary(a: Lens, b: Lens): boolean {
  if (a.run.model.vocabularySize === undefined || a.run.model.vocabularySize !== b.run.model.vocabularySize) return false;
  const spelled = new Map([...a.vocabulary()].map(({ id, raw }) => [id, raw]));
  let shares = false;
  for (const { id, raw } of b.vocabulary()) {
    const other = spelled.get(id);
    if (other !== undefined && other !== raw) return false;
    shares ||= other !== undefined;
  }
  return shares;
}

/** Layers of the same number; between models of different depth those that end nearest to the same part of it. */
function pairedLayers(a: Run, b: Run): Two[] {
  const byDepth = a.model.layers !== undefined && b.model.layers !== undefined && a.model.layers !== b.model.layers;
  const places = ({ layers, model }: Run) => layers.map((layer) => (byDepth && layer >= 0 ? (layer + 1) / model.layers! : layer));
  const [placesA, placesB] = [places(a), places(b)];
  return a.layers.flatMap((layer, l): Two[] => {
    const other = nearest(placesA[l]!, placesB, layer < 0);
    const meets = other >= 0 && nearest(placesB[other]!, placesA, layer < 0) === l && (byDepth || placesB[other] === placesA[l]);
    return meets ? [[l, other]] : [];
  });
}

/** Index of the place nearest to one, the lower of two; the embedding (below 0) meets only the embedding. */
function nearest(place: number, places: readonly number[], isEmbedding: boolean): number {
  let found = -1;
  places.forEach((other, at) => {
    // Depths are quotients: equally near ones differ by their rounding.
    const isNearer = found < 0 || Math.abs(other - place) < Math.abs(places[found]! - place) - 1e-12;
    if (other < 0 === isEmbedding && isNearer) found = at;
  });
  return found;
}

/** Positions of the same token, of tokens that end at the same byte of one text, or along the tokens that two texts share. */
function pairedPositions(a: Run, b: Run): Two[] {
  if (a.positions.length === 1 && b.positions.length === 1) return [[0, 0]];
  const texts = ({ tokens }: Run) => tokens.map(({ text }) => text);
  const [textsA, textsB] = [texts(a), texts(b)];
  const isSame = textsA.length === textsB.length && textsA.every((text, at) => text === textsB[at]);
  const isOneText = !isSame && a.prompt !== undefined && a.prompt === b.prompt;
  const tokens = isOneText ? sameEnds(a.tokens, b.tokens) : commonTokens(textsA, textsB);
  return tokens.map(([one, other]): Two => [positionIndex(a, one), positionIndex(b, other)]).filter(([one, other]) => one >= 0 && other >= 0);
}

/**
 * If several tokens end at a byte, as fragments of one character do, the last counts, since only it has read the whole
 * character. Tokens that cover nothing are paired only with each other.
 */
function sameEnds(a: readonly PromptToken[], b: readonly PromptToken[]): Two[] {
  const key = ({ start, end }: PromptToken) => `${end} ${start === end}`;
  const ends = new Map(b.map((token, at) => [key(token), at]));
  const lasts = new Map(a.map((token, at) => [key(token), at]));
  return [...lasts].flatMap(([end, at]): Two[] => (ends.has(end) ? [[at, ends.get(end)!]] : [])).sort(([one], [other]) => one - other);
}
