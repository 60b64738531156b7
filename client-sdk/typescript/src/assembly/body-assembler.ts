import type { CellChunk, TrajectoryChunk } from '../generated/stratalens/v1/cells_pb.js';
import type { TargetChunk } from '../generated/stratalens/v1/lens_pb.js';
import { Info } from '../result/info.js';
import { Layer } from '../result/layer.js';
import { LensView } from '../result/result.js';
import { AttributionAssembler } from './attribution-assembler.js';
import { require } from './broken-stream.js';
import type { CellCodes } from './cell-codes.js';
import { CellReader } from './cell-reader.js';
import type { HeaderReader } from './header-reader.js';
import { KnownIds } from './known-ids.js';
import { LayerAssembler } from './layer-assembler.js';
import { TargetReader } from './target-reader.js';
import { TrajectoryAssembler } from './trajectory-assembler.js';
import { TrajectoryReader } from './trajectory-reader.js';

/** The assemblers of one lens. */
interface OfLens {
  readonly layers: LayerAssembler;
  readonly trajectories: TrajectoryAssembler;
}

/**
 * Takes what follows header and prompt: targets, the layers of each lens in any order of lenses, then trajectories lens by
 * lens, then an attribution.
 */
export class BodyAssembler {
  readonly #targets: TargetReader;
  readonly #targetsFirst: boolean;
  readonly #lenses: readonly OfLens[];
  readonly #attribution: AttributionAssembler;
  #info: Info | undefined;

  constructor(readonly head: HeaderReader) {
    const targets = (this.#targets = new TargetReader(head));
    this.#attribution = new AttributionAssembler(head);
    this.#targetsFirst = head.header.targets.length > 0 || head.columns.some(({ description }) => description.needsOutput);
    const references = new KnownIds(head.positions.length);
    this.#lenses = head.covered.map((covered) => {
      const layers = new LayerAssembler(covered, new CellReader(head, targets, references, covered.at(-1)!));
      return { layers, trajectories: new TrajectoryAssembler(new TrajectoryReader(head, targets, references, layers.layers)) };
    });
  }

  /** What is known before the first layer; undefined until all targets came. */
  get info(): Info | undefined {
    return this.#info;
  }

  addTargets(chunk: TargetChunk): void {
    this.#targets.add(chunk);
    if (this.#targets.isComplete) this.#info = this.#readInfo();
  }

  /** Takes a chunk; gives its layer if that is complete now. */
  addCells(chunk: CellChunk): CellCodes | undefined {
    if (this.#targetsFirst) this.requireInfo('a layer');
    return this.#lens(chunk.lens).layers.add(chunk);
  }

  addTrajectories(chunk: TrajectoryChunk): void {
    require(this.head.header.hasTrajectories, () => 'a trajectory came, but the header promised none');
    this.#requireLayers('a trajectory');
    this.requireInfo('a trajectory');
    const lens = this.#lens(chunk.lens);
    this.#lenses.slice(0, chunk.lens).forEach(({ trajectories }, earlier) => require(trajectories.isComplete,
      () => `trajectories of lens ${chunk.lens} came before those of lens ${earlier} were complete`));
    lens.trajectories.add(chunk);
  }

  /** The attribution, which comes after all layers. */
  get attribution(): AttributionAssembler {
    require(this.head.header.attributedParts.length > 0, () => 'an attribution came, but the header promised none');
    this.#requireLayers('an attribution');
    this.requireInfo('an attribution');
    return this.#attribution;
  }

  /** What the lenses read, and the number of tracked tokens without trajectory; refuses what is not complete. */
  finish(what: string): { readonly lenses: LensView[]; readonly missing: number } {
    this.#requireLayers(what);
    const info = this.requireInfo(what);
    const missing = this.head.header.hasTrajectories ? this.#lenses.reduce((sum, { trajectories }) => sum + trajectories.finish(), 0) : 0;
    const lenses = this.#lenses.map(({ layers, trajectories }, lens) => new LensView(
      info, info.lenses[lens]!, layers.layers.map((cells) => new Layer(info, lens, cells.point, cells)), trajectories.complete));
    return { lenses, missing };
  }

  /** How far it is, in words. */
  get state(): string {
    const count = (of: (lens: OfLens) => readonly unknown[]) => this.#lenses.reduce((sum, lens) => sum + of(lens).length, 0);
    return `${count(({ layers }) => layers.layers)} of ${count(({ layers }) => layers.covered)} layers`;
  }

  #readInfo(): Info {
    const { header, prompt, text, points, positions, vocabulary } = this.head;
    return new Info({
      requestId: header.requestId,
      model: header.model!,
      lenses: header.lenses,
      readings: header.readings,
      approximate: header.approximate,
      prompt: text,
      tokens: prompt.tokens,
      points,
      positions,
      topK: header.topK,
      candidates: header.candidates,
      targets: this.#targets.targets,
      numberForm: header.numberForm,
      hasTrajectories: header.hasTrajectories,
      finalTops: this.#targets.finalTops,
      vocabulary: vocabulary.tokens,
    });
  }

  #lens(index: number): OfLens {
    const lens = this.#lenses[index];
    require(lens !== undefined, () => `a chunk of lens ${index} of ${this.#lenses.length} came`);
    return lens;
  }

  requireInfo(what: string): Info {
    require(this.#info !== undefined, () => `${what} came where targets from position index ${this.#targets.finalTops.length} were expected`);
    return this.#info;
  }

  #requireLayers(what: string): void {
    const behind = this.#lenses.find(({ layers }) => !layers.isComplete);
    require(behind === undefined, () => `${what} came where ${behind!.layers.expected} was expected`);
  }
}
