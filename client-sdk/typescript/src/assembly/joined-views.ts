import { Info } from '../result/info.js';
import { Layer, type LayerArrays } from '../result/layer.js';
import { LensView } from '../result/result.js';
import type { GrowingText } from './growing-text.js';

/** Puts results of one request together whose positions follow one another, over one text: of each part its lenses. */
export function joinedViews(parts: readonly (readonly LensView[])[], text: GrowingText): LensView[] {
  const infos = parts.map((lenses) => lenses[0]!.info);
  const first = infos[0]!;
  const info = new Info({
    ...first,
    prompt: text.text,
    tokens: text.tokens,
    positions: infos.flatMap(({ positions }) => positions),
    finalTops: infos.flatMap(({ finalTops }) => finalTops),
    targets: first.targets.map((target, j) => ({ ...target, ids: infos.flatMap(({ targets }) => targets[j]!.ids) })),
  });
  return parts[0]!.map(({ lens, layers }, index) => {
    const views = parts.map((lenses) => lenses[index]!);
    const joined = layers.map(({ point }, at) => new Layer(info, index, point, joinedArrays(views.map((view) => view.layers[at]!.arrays))));
    return new LensView(info, lens, joined, views.flatMap(({ tracked }) => tracked));
  });
}

function joinedArrays(some: readonly LayerArrays[]): LayerArrays {
  const ints = (of: (arrays: LayerArrays) => Int32Array) => Int32Array.from(some.flatMap((each) => [...of(each)]));
  const floats = (of: (arrays: LayerArrays) => Float32Array) => Float32Array.from(some.flatMap((each) => [...of(each)]));
  return {
    ids: ints(({ ids }) => ids),
    logProbs: floats(({ logProbs }) => logProbs),
    targetRanks: ints(({ targetRanks }) => targetRanks),
    targetLogProbs: floats(({ targetLogProbs }) => targetLogProbs),
    columns: new Map([...some[0]!.columns.keys()].map((name) => [name, floats(({ columns }) => columns.get(name)!)])),
  };
}
