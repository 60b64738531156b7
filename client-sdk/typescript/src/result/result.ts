import type { Lens, LensSummary } from '../generated/stratalens/v1/lens_pb.js';
import type { WantedTarget } from '../request/target.js';
import type { Attribution } from './attribution.js';
import type { StatisticName } from './columns.js';
import type { Effect } from './effect.js';
import { Grid, type Values } from './grid.js';
import type { Info } from './info.js';
import type { Layer } from './layer.js';
import { isSamePoint, layerPoint, pointInWords, type ReadPoint } from './read-point.js';
import type { Prediction } from './token.js';

/** The tokens that are followed over the layers at one position. */
export interface Tracked {
  /** Their ids, ascending. */
  readonly ids: readonly number[];
  /** Of each of them its log-probability at each layer of the lens. */
  readonly logProbs: readonly Float32Array[];
}

/** What one lens read. Layers are layer numbers, -1 for the embedding; positions are token positions in the prompt. */
export class LensView {
  /**
   * @param layers in order of depth, with read points inside blocks if such sites were asked for
   * @param tracked one element for each of `info.positions`; empty if no trajectories were asked for
   */
  constructor(readonly info: Info, readonly lens: Lens, readonly layers: readonly Layer[], readonly tracked: readonly Tracked[]) {}

  /** A layer. @throws RangeError if it was not read */
  layer(number: number): Layer {
    return this.at(layerPoint(number));
  }

  /** What the lens read at a place in the model. @throws RangeError if it did not */
  at(point: ReadPoint): Layer {
    const found = this.layers.find((layer) => isSamePoint(layer.point, point));
    if (found === undefined) throw new RangeError(`the lens did not read ${pointInWords(point)}; it has ${this.#points.map(pointInWords).join(', ')}`);
    return found;
  }

  /** The best tokens of a cell, best first. */
  top(layer: number, position: number): Prediction[] {
    return this.layer(layer).top(position);
  }

  /** A statistic at all read points and positions; NaN = no value. @throws RangeError if it was not asked for */
  column(name: StatisticName): Grid<Float32Array> {
    return this.#grid(1, new Float32Array(this.#cells), (layer) => layer.column(name));
  }

  /** Entropy in nats. */
  get entropy(): Grid<Float32Array> {
    return this.column('entropy');
  }

  /** KL(final || layer) in nats. */
  get klFromFinal(): Grid<Float32Array> {
    return this.column('kl-from-final');
  }

  /** The best tokens of each cell, best first. */
  get topIds(): Grid<Int32Array> {
    return this.#grid(this.info.topK, new Int32Array(this.#cells * this.info.topK), ({ arrays }) => arrays.ids);
  }

  /** The log-probabilities of the best tokens of each cell. */
  get topLogProbs(): Grid<Float32Array> {
    return this.#grid(this.info.topK, new Float32Array(this.#cells * this.info.topK), ({ arrays }) => arrays.logProbs);
  }

  /** The rank of a target in each cell: 1 = best, 0 = the position has no such target. */
  ranks(target: WantedTarget): Grid<Int32Array> {
    const [m, at] = [this.info.targets.length, this.info.targetIndex(target)];
    return this.#grid(1, new Int32Array(this.#cells), ({ arrays }) => arrays.targetRanks.filter((_, i) => i % m === at));
  }

  /** The log-probability of a target in each cell; NaN = the position has no such target. */
  targetLogProbs(target: WantedTarget): Grid<Float32Array> {
    const [m, at] = [this.info.targets.length, this.info.targetIndex(target)];
    return this.#grid(1, new Float32Array(this.#cells), ({ arrays }) => arrays.targetLogProbs.filter((_, i) => i % m === at));
  }

  /** The log-probability of a token at each of `layers`; undefined if the token was not tracked at the position. */
  trajectory(id: number, position: number): Float32Array | undefined {
    const tracked = this.tracked[this.info.positionIndex(position)];
    return tracked?.logProbs[tracked.ids.indexOf(id)];
  }

  /**
   * The first block that was read from which on the best token is the model's own up to the last block that was read;
   * undefined if it is not so at the last. The embedding does not count.
   */
  crystallizationLayer(position: number): number | undefined {
    const final = this.info.finalTop(position).token.id;
    let since: number | undefined;
    for (const layer of this.layers) {
      if (layer.point.site !== 'block-output') continue;
      since = layer.best(position).token.id === final ? since ?? layer.number : undefined;
    }
    return since;
  }

  get #cells(): number {
    return this.layers.length * this.info.positions.length;
  }

  get #points(): ReadPoint[] {
    return this.layers.map((layer) => layer.point);
  }

  #grid<A extends Values>(width: number, values: A, of: (layer: Layer) => A): Grid<A> {
    const size = this.info.positions.length * width;
    this.layers.forEach((layer, row) => values.set(of(layer), row * size));
    return new Grid(this.#points, this.info.positions, width, values);
  }
}

/** The parts of a result. */
export interface ResultParts {
  readonly lenses: readonly LensView[];
  readonly attribution: Attribution | undefined;
  readonly effect: Effect | undefined;
  readonly unchanged: LensResult | undefined;
  readonly summary: LensSummary;
}

/** A complete result: a view of its first lens, with those of the others. What was not asked for is undefined. */
export class LensResult extends LensView implements ResultParts {
  readonly lenses: readonly LensView[];
  readonly attribution: Attribution | undefined;
  /** What the interventions did. */
  readonly effect: Effect | undefined;
  /** The result without interventions. */
  readonly unchanged: LensResult | undefined;
  /** The self-check, the server's times and its memory. */
  readonly summary: LensSummary;

  constructor({ lenses, attribution, effect, unchanged, summary }: ResultParts) {
    const first = lenses[0]!;
    super(first.info, first.lens, first.layers, first.tracked);
    this.lenses = lenses;
    this.attribution = attribution;
    this.effect = effect;
    this.unchanged = unchanged;
    this.summary = summary;
  }
}
