import type { Candidates, Lens, LensReading, NumberForm } from '../generated/stratalens/v1/lens_pb.js';
import type { ModelDescription } from '../generated/stratalens/v1/model_pb.js';
import { NEXT_TOKEN, FINAL_TOP, type WantedTarget } from '../request/target.js';
import type { ReadPoint } from './read-point.js';
import type { Prediction, PromptToken, Token } from './token.js';

/** A target as the server understood it. */
export interface TargetInfo {
  readonly target: WantedTarget;
  /** The tokens of a word or id; the first is followed. Empty for targets that depend on the position. */
  readonly encoding: readonly Token[];
  /** The token id at each of `positions`; undefined = none. */
  readonly ids: readonly (number | undefined)[];
}

/** The facts of `Info`. */
export interface InfoFacts {
  readonly requestId: string;
  readonly model: ModelDescription;
  readonly lenses: readonly Lens[];
  readonly readings: readonly LensReading[];
  readonly approximate: boolean;
  readonly prompt: string | undefined;
  readonly tokens: readonly PromptToken[];
  readonly points: readonly ReadPoint[];
  readonly positions: readonly number[];
  readonly topK: number;
  readonly candidates: Candidates | undefined;
  readonly targets: readonly TargetInfo[];
  readonly numberForm: NumberForm;
  readonly hasTrajectories: boolean;
  readonly finalTops: readonly Prediction[];
  readonly vocabulary: ReadonlyMap<number, Token>;
}

/** What is known before the first layer. */
export class Info {
  /** The id that the request gave; empty if it gave none. */
  readonly requestId: string;
  /** The model that answers: its name, size and architecture. */
  readonly model: ModelDescription;
  /** The lenses that read, in the order of the request. */
  readonly lenses: readonly Lens[];
  /** What each lens reads. Empty if no lens is a fitted one: all read everywhere. */
  readonly readings: readonly LensReading[];
  /** Whether ranks, entropy and KL come from low-precision logits. */
  readonly approximate: boolean;
  /** The text that the model reads, of a chat as its template renders it; undefined where ids were sent. */
  readonly prompt: string | undefined;
  /** The tokens of the prompt, special tokens included. */
  readonly tokens: readonly PromptToken[];
  /** Where the lenses read, in order of depth. */
  readonly points: readonly ReadPoint[];
  /** The token positions that are read, ascending. */
  readonly positions: readonly number[];
  /** Predictions per cell, k. */
  readonly topK: number;
  /** The rule that chose the predictions after the best; undefined if they are the most likely tokens. */
  readonly candidates: Candidates | undefined;
  /** The targets, in the order of the request. */
  readonly targets: readonly TargetInfo[];
  /** How numbers came. */
  readonly numberForm: NumberForm;
  /** Whether tokens are followed over the layers. */
  readonly hasTrajectories: boolean;
  /** The model's own best token at each of `positions`. */
  readonly finalTops: readonly Prediction[];
  /** The texts of the ids that came so far. */
  readonly vocabulary: ReadonlyMap<number, Token>;
  readonly #places: ReadonlyMap<number, number>;

  constructor(facts: InfoFacts) {
    this.requestId = facts.requestId;
    this.model = facts.model;
    this.lenses = facts.lenses;
    this.readings = facts.readings;
    this.approximate = facts.approximate;
    this.prompt = facts.prompt;
    this.tokens = facts.tokens;
    this.points = facts.points;
    this.positions = facts.positions;
    this.topK = facts.topK;
    this.candidates = facts.candidates;
    this.targets = facts.targets;
    this.numberForm = facts.numberForm;
    this.hasTrajectories = facts.hasTrajectories;
    this.finalTops = facts.finalTops;
    this.vocabulary = facts.vocabulary;
    this.#places = new Map(facts.positions.map((position, index) => [position, index]));
  }

  /** The last token position that was read. */
  get lastPosition(): number {
    return this.positions.at(-1)!;
  }

  /** The token of an id that occurs. @throws RangeError for other ids */
  token(id: number): Token {
    const token = this.vocabulary.get(id);
    if (token === undefined) throw new RangeError(`token id ${id} does not occur in this result`);
    return token;
  }

  /** The model's own best token at a token position. */
  finalTop(position: number): Prediction {
    return this.finalTops[this.positionIndex(position)]!;
  }

  /** The place of a token position among `positions`. @throws RangeError if it was not read */
  positionIndex(position: number): number {
    const index = this.#places.get(position);
    if (index === undefined) throw new RangeError(`position ${position} was not read; there are ${this.positions.join(', ')}`);
    return index;
  }

  /** The place of a target among `targets`. @throws RangeError if it was not asked for */
  targetIndex(target: WantedTarget): number {
    const index = this.targets.findIndex((each) => each.target === target);
    if (index < 0) throw new RangeError(`the target ${inWords(target)} was not asked for; there are ${this.targets.map((each) => inWords(each.target)).join(', ') || 'none'}`);
    return index;
  }
}

function inWords(target: WantedTarget): string {
  if (target === NEXT_TOKEN) return 'NEXT_TOKEN';
  if (target === FINAL_TOP) return 'FINAL_TOP';
  return JSON.stringify(target);
}
