import { isInside } from '../lens/layers.js';
import type { Lens, Token } from '../lens/lens.js';
import { FileError } from './file-error.js';

/**
 * A result as version 2 of the logitlenskit widget's JSON: strings, probabilities with five decimals, block layers only.
 * Texts that several tokens share get their id as a suffix; the extra key `ids` gives the id of each string.
 *
 * @throws FileError if trajectories are missing; the format needs those of every top-k token
 */
export async function v2Json(lens: Lens, timestamp: Date): Promise<string> {
  const { run } = lens;
  if (!run.hasTrajectories) {
    throw new FileError('V2 JSON needs trajectories, and this result has none; compute it again with trajectories');
  }
  if (run.candidates !== undefined) throw new FileError('V2 JSON has the most likely tokens, and the predictions of this result are others');
  if (lens.outcome !== undefined && lens.outcome.omittedTrajectories > 0) {
    throw new FileError(`V2 JSON needs the trajectories of all tokens, and ${lens.outcome.omittedTrajectories} were left out by a minimum peak; compute it again without one`);
  }
  if (lens.layersReady < run.layers.length) throw new FileError('this result is incomplete; save it when its last layer has arrived');
  await lens.load(0, run.positions.length);
  const names = uniqueNames([...lens.vocabulary()]);
  const blocks = run.layers.flatMap((layer, l) => (layer < 0 || isInside(layer) ? [] : [l]));
  const places = Array.from({ length: run.k }, (_, place) => place);
  return JSON.stringify({
    meta: { version: 2, model: run.model.name, timestamp: timestamp.toISOString().replace(/\.\d+Z$/, 'Z') },
    layers: blocks.map((l) => run.layers[l]),
    input: run.positions.map((position) => run.tokens[position]!.text),
    topk: blocks.map((l) => run.positions.map((_, p) => places.map((place) => names.get(lens.prediction(l, p, place).token.id)))),
    tracked: run.positions.map((_, p) =>
      Object.fromEntries(
        [...lens.tracked(p)].map((id) => [names.get(id), blocks.map((l) => rounded(lens, id, l, p))]),
      ),
    ),
    ids: Object.fromEntries([...names].filter(([id]) => id >= 0).map(([id, name]) => [name, id])),
  });
}

function rounded(lens: Lens, id: number, l: number, p: number): number {
  const probability = Math.exp(lens.logProb(id, l, p)!);
  return Number.isNaN(probability) ? 0 : Math.round(probability * 1e5) / 1e5;
}

/** The widget identifies tokens by their text, so texts that several ids share get the id as a suffix. */
function uniqueNames(tokens: readonly Token[]): ReadonlyMap<number, string> {
  const sharers = new Map<string, number>();
  for (const { text } of tokens) sharers.set(text, (sharers.get(text) ?? 0) + 1);
  return new Map(
    tokens.map(({ id, text }) => {
      let name = text;
      if (sharers.get(text)! > 1) {
        do name += `#${id}`;
        while (sharers.has(name));
      }
      return [id, name];
    }),
  );
}
