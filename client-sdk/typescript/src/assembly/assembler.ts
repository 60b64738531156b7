import { clone } from '@bufbuild/protobuf';
import type { LensSummary, Progress, PromptChunk } from '../generated/stratalens/v1/lens_pb.js';
import { AnalyzeRequestSchema, type AnalyzeRequest, type Event } from '../generated/stratalens/v1/lens_service_pb.js';
import type { Effect } from '../result/effect.js';
import type { Info } from '../result/info.js';
import { Layer } from '../result/layer.js';
import { LensResult } from '../result/result.js';
import { BodyAssembler } from './body-assembler.js';
import { brokenStream, require } from './broken-stream.js';
import type { CellCodes } from './cell-codes.js';
import { readEffect } from './effect-reader.js';
import { HeaderReader } from './header-reader.js';

/**
 * Puts the events of one stream together, and refuses every stream that is not complete and consistent: header, prompt chunks,
 * targets and cells, trajectories, an attribution, an effect, summary. Progress may come between any two, and so may the events of
 * the unchanged pass, which form a result of their own.
 */
export class Assembler {
  readonly #complete: { readonly lens: number; readonly cells: CellCodes }[] = [];
  #head: HeaderReader | undefined;
  #body: BodyAssembler | undefined;
  #effect: Effect | undefined;
  #result: LensResult | undefined;
  /** Of the pass without interventions; undefined unless it was asked for. */
  readonly #unchanged: Assembler | undefined;

  constructor(readonly request: AnalyzeRequest, readonly onProgress: (state: Progress) => void = () => {}) {
    if (request.effect?.withUnchangedResult) {
      const unchanged = clone(AnalyzeRequestSchema, request);
      unchanged.interventions = [];
      delete unchanged.effect;
      this.#unchanged = new Assembler(unchanged);
    }
  }

  /** What is known before the first layer; undefined until it came. */
  get info(): Info | undefined {
    return this.#body?.info;
  }

  /** The result; undefined until the summary came. */
  get result(): LensResult | undefined {
    return this.#result;
  }

  /** The next layer that is complete; undefined if none is, or if what is known before the first one has not all come. */
  nextLayer(): Layer | undefined {
    const info = this.info;
    const next = info === undefined ? undefined : this.#complete.shift();
    return info === undefined || next === undefined ? undefined : new Layer(info, next.lens, next.cells.point, next.cells);
  }

  /** The result, at the stream's end. */
  finish(): LensResult {
    if (this.#result === undefined) throw brokenStream(`the stream ended without a summary; last seen: ${this.#state}`);
    return this.#result;
  }

  /** Takes an event. */
  add({ kind, unchanged }: Event): void {
    if (unchanged) {
      require(this.#unchanged !== undefined, () => 'an unchanged result came, but none was asked for');
      this.#unchanged.#add(kind);
    } else {
      this.#add(kind);
    }
  }

  #add(kind: Event['kind']): void {
    require(this.#result === undefined || kind.case === undefined, () => `${kind.case} came after the summary`);
    switch (kind.case) {
      case 'progress': return this.onProgress(kind.value);
      case 'header':
        require(this.#head === undefined, () => 'a second header came');
        this.#head = new HeaderReader(this.request, kind.value);
        return;
      case 'promptChunk': return this.#addPrompt(kind.value);
      case 'targetChunk': return this.#needBody('targets').addTargets(kind.value);
      case 'cellChunk': {
        const cells = this.#needBody('a layer').addCells(kind.value);
        if (cells !== undefined) this.#complete.push({ lens: kind.value.lens, cells });
        return;
      }
      case 'trajectoryChunk': return this.#needBody('a trajectory').addTrajectories(kind.value);
      case 'attributionChunk': return this.#needBody('an attribution').attribution.addShares(kind.value);
      case 'attributedLogitsChunk': return this.#needBody('an attribution').attribution.addLogits(kind.value);
      case 'interventionEffect':
        require(this.request.effect !== undefined, () => 'an effect came, but none was asked for');
        require(this.#effect === undefined, () => 'a second effect came');
        this.#effect = readEffect(this.request.effect, this.#needBody('an effect').requireInfo('an effect'), kind.value);
        return;
      case 'summary': this.#addSummary(kind.value);
    }
  }

  #addSummary(summary: LensSummary): void {
    const body = this.#needBody('the summary');
    const { lenses, missing } = body.finish('the summary');
    const info = body.requireInfo('the summary');
    body.head.requireCounts(summary, info.positions.length, missing);
    const attributed = body.head.header.attributedParts.length > 0;
    const attribution = attributed ? body.attribution.finish(info, summary.largestAttributionDifference ?? 0) : undefined;
    require((this.request.effect === undefined) === (this.#effect === undefined), () => 'the effect of the interventions is missing');
    require(this.#unchanged === undefined || this.#unchanged.result !== undefined, () => 'the unchanged result is not complete');
    this.#result = new LensResult({ lenses, attribution, effect: this.#effect, unchanged: this.#unchanged?.result, summary });
  }

  #addPrompt(chunk: PromptChunk): void {
    require(this.#head !== undefined, () => 'a prompt chunk came before the header');
    this.#head.add(chunk);
    if (this.#head.prompt.isComplete) this.#body = new BodyAssembler(this.#head);
  }

  #needBody(what: string): BodyAssembler {
    if (this.#body === undefined) throw brokenStream(`${what} came before ${this.#head === undefined ? 'the header' : 'all of the prompt'}`);
    return this.#body;
  }

  get #state(): string {
    if (this.#head === undefined) return 'nothing';
    return this.#body?.state ?? 'the header';
  }
}
