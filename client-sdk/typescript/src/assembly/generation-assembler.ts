import { clone, create } from '@bufbuild/protobuf';
import type { GeneratedToken as WireToken, GenerationSummary } from '../generated/stratalens/v1/generation_pb.js';
import { AnalyzeRequestSchema, EventSchema, type Event, type GenerateRequest } from '../generated/stratalens/v1/lens_service_pb.js';
import type { LensSummary, Progress } from '../generated/stratalens/v1/lens_pb.js';
import { NEXT_TOKEN } from '../request/target.js';
import { GenerationResult, type GeneratedToken } from '../result/generation.js';
import { LensResult, type LensView } from '../result/result.js';
import { BodyAssembler } from './body-assembler.js';
import { brokenStream, require } from './broken-stream.js';
import { GrowingText } from './growing-text.js';
import { HeaderReader } from './header-reader.js';
import { joinedViews } from './joined-views.js';

/**
 * Puts the events of a generation together: the result of the prompt, then for each token its choice and its row. A row is read
 * when the token after it is known, or that there is none: some of its numbers depend on that.
 */
export class GenerationAssembler {
  #head: HeaderReader | undefined;
  #prompt: BodyAssembler | undefined;
  /** Undefined before the first token. */
  #text: GrowingText | undefined;
  /** Events of the row of the last token. */
  #row: Event[] = [];
  readonly #parts: (readonly LensView[])[] = [];
  #missing = 0;
  readonly #tokens: GeneratedToken[] = [];
  #given = 0;
  #ended: GenerationSummary | undefined;
  #result: GenerationResult | undefined;

  constructor(readonly request: GenerateRequest, readonly onProgress: (state: Progress) => void = () => {}) {}

  /** The next token; undefined if none is there. */
  nextToken(): GeneratedToken | undefined {
    return this.#given < this.#tokens.length ? this.#tokens[this.#given++] : undefined;
  }

  /** The result, at the stream's end. */
  finish(): GenerationResult {
    if (this.#result === undefined) throw brokenStream(`the stream ended without a summary, after ${this.#tokens.length} tokens`);
    return this.#result;
  }

  /** Takes an event. */
  add(event: Event): void {
    const { kind } = event;
    require(this.#result === undefined || kind.case === undefined, () => `${kind.case} came after the summary`);
    switch (kind.case) {
      case 'progress': return this.onProgress(kind.value);
      case 'header':
        require(this.#head === undefined, () => 'a second header came');
        this.#head = new HeaderReader(this.request.request ?? create(AnalyzeRequestSchema), kind.value, 'growing');
        return;
      case 'promptChunk':
        this.#needHead('a prompt chunk').add(kind.value);
        if (this.#head!.prompt.isComplete) this.#prompt = new BodyAssembler(this.#head!);
        return;
      case 'targetChunk': case 'cellChunk': case 'trajectoryChunk':
        if (this.#text === undefined) return addChunk(this.#needPrompt(kind.case), event, 0);
        require(this.#ended === undefined, () => `${kind.case} came after the end of the generation`);
        this.#row.push(this.#withoutTexts(event));
        return;
      case 'generatedToken': return this.#addToken(kind.value);
      case 'generationSummary': return this.#end(kind.value);
      case 'summary': this.#addSummary(kind.value);
    }
  }

  #addToken({ id, position, logProbability, settledFrom, forced, text, newTokens }: WireToken): void {
    const head = this.#needHead('a token');
    require(this.#ended === undefined, () => 'a token came after the end of the generation');
    head.vocabulary.add(newTokens);
    const token = head.vocabulary.get(id);
    const growing = (this.#text ??= this.#closePrompt(id));
    const [index, expected] = [this.#tokens.length, growing.tokens.length];
    require(position === expected, () => `expected a token at position ${expected}, but one at ${position} came`);
    const asked = this.request.options?.forced?.ids ?? [];
    require(forced === index < asked.length && (!forced || asked[index] === id),
      () => `token ${index} of the generation is ${id}, forced: ${forced}; the forced tokens are ${asked}`);
    growing.add(token, text);
    if (index > 0) this.#closeRow(growing, position - 1);
    this.#tokens.push({ token, position, logProb: logProbability, settledFrom, forced, text, chosenFrom: this.#parts.at(-1)! });
  }

  #closePrompt(first: number): GrowingText {
    this.#keep(this.#needPrompt('a token'), 'a token');
    const { info } = this.#parts[0]![0]!;
    const last = info.tokens.length - 1;
    const at = info.positions.indexOf(last);
    require(at >= 0, () => `a token came, but the position from which it was chosen, ${last}, was not read`);
    for (const { target, ids } of info.targets) {
      require(target !== NEXT_TOKEN || ids[at] === first, () => `the next token of the prompt was said to be ${ids[at]}, but token ${first} came`);
    }
    return new GrowingText(info.prompt, info.tokens);
  }

  /** Reads the row of the token at a position; all that it refers to has come. */
  #closeRow({ tokens }: GrowingText, position: number): void {
    const row = new BodyAssembler(this.#needHead('a row').row(tokens, position));
    const before = this.#parts.reduce((sum, lenses) => sum + lenses[0]!.info.positions.length, 0);
    for (const event of this.#row) addChunk(row, event, before);
    this.#row = [];
    this.#keep(row, `the token after position ${position}`);
  }

  #keep(body: BodyAssembler, what: string): void {
    const { lenses, missing } = body.finish(what);
    this.#parts.push(lenses);
    this.#missing += missing;
  }

  #end(summary: GenerationSummary): void {
    require(this.#ended === undefined, () => 'the generation ended twice');
    if (this.#text === undefined) throw brokenStream('the generation ended before its first token');
    const came = this.#tokens.length;
    require(summary.tokenCount === came, () => `the generation's summary counts ${summary.tokenCount} tokens where ${came} came`);
    this.#closeRow(this.#text, this.#text.tokens.length - 1);
    this.#ended = summary;
  }

  #addSummary(summary: LensSummary): void {
    if (this.#ended === undefined || this.#text === undefined) throw brokenStream('the summary came before the end of the generation');
    const lenses = joinedViews(this.#parts, this.#text);
    this.#needHead('the summary').requireCounts(summary, lenses[0]!.info.positions.length, this.#missing);
    const reading = new LensResult({ lenses, attribution: undefined, effect: undefined, unchanged: undefined, summary });
    this.#result = new GenerationResult(reading, this.#tokens, this.#ended.stopReason, this.#ended.seed);
  }

  /** Takes the texts that come with a chunk, which later events may use before the chunk itself is read. */
  #withoutTexts(event: Event): Event {
    const copy = clone(EventSchema, event);
    const { kind } = copy;
    if (kind.case === 'targetChunk' || kind.case === 'cellChunk' || kind.case === 'trajectoryChunk') {
      this.#needHead('a row').vocabulary.add(kind.value.newTokens);
      delete kind.value.newTokens;
    }
    return copy;
  }

  #needHead(what: string): HeaderReader {
    if (this.#head === undefined) throw brokenStream(`${what} came before the header`);
    return this.#head;
  }

  #needPrompt(what: string): BodyAssembler {
    if (this.#prompt === undefined) throw brokenStream(`${what} came before all of the prompt`);
    return this.#prompt;
  }
}

/** Takes a chunk whose positions are counted over the whole stream, of which some came before those of the part. */
function addChunk(part: BodyAssembler, { kind }: Event, before: number): void {
  switch (kind.case) {
    case 'targetChunk': return part.addTargets({ ...kind.value, firstPosition: kind.value.firstPosition - before });
    case 'cellChunk': part.addCells({ ...kind.value, firstPosition: kind.value.firstPosition - before }); return;
    case 'trajectoryChunk': part.addTrajectories({ ...kind.value, position: kind.value.position - before });
  }
}
