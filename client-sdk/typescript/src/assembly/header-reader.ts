import { equals, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { CandidatesSchema, LensSchema, NumberForm, Site, TargetSchema, type LensHeader, type LensSummary, type PromptChunk } from '../generated/stratalens/v1/lens_pb.js';
import { TokenSpelling } from '../generated/stratalens/v1/model_pb.js';
import type { AnalyzeRequest } from '../generated/stratalens/v1/lens_service_pb.js';
import { lensesOf, numberFormOf, sitesOf, topKOf } from '../request/effective.js';
import { COLUMNS, type Column } from '../result/columns.js';
import { isDeeper, pointInWords, siteName, type ReadPoint } from '../result/read-point.js';
import type { PromptToken } from '../result/token.js';
import { brokenStream, require } from './broken-stream.js';
import { PromptReader } from './prompt-reader.js';
import { Vocabulary } from './vocabulary.js';

/** A row of a text that goes on after the prompt. */
interface Row {
  readonly vocabulary: Vocabulary;
  /** Up to the token after the row's, if there is one. */
  readonly tokens: readonly PromptToken[];
  readonly position: number;
}

/**
 * Checks a stream's header and prompt against the request. All that comes after them is checked against what the header
 * promises.
 */
export class HeaderReader {
  readonly vocabulary: Vocabulary;
  readonly prompt: PromptReader;
  /** Where the lenses read, in order of depth. */
  readonly points: readonly ReadPoint[];
  /** Read points that each lens has, as ascending indices. */
  readonly covered: readonly (readonly number[])[];
  readonly columns: readonly Column[];
  /** Whether a token follows the last one that the model has yet to choose. */
  readonly #goesOn: boolean;

  /** @param of the whole of a prompt, unless more is said: of one that goes on, or of a row of such a text */
  constructor(readonly request: AnalyzeRequest, readonly header: LensHeader, of: 'prompt' | 'growing' | Row = 'prompt') {
    this.#goesOn = of === 'growing';
    this.#checkEcho();
    this.points = this.#readPoints();
    this.covered = this.#readCovered();
    this.columns = header.statistics.map((statistic) => COLUMNS.find((column) => column.statistic === statistic)!);
    if (typeof of === 'object') {
      this.vocabulary = of.vocabulary;
      this.prompt = new PromptReader(of.tokens.length, of.vocabulary, of.tokens, [of.position]);
      return;
    }
    this.vocabulary = new Vocabulary(header.model?.tokenSpelling ?? TokenSpelling.UNSPECIFIED, this.vocabularySize);
    this.vocabulary.add(header.newTokens);
    require(header.tokenCount >= 1, () => `the header says that the prompt has ${header.tokenCount} tokens`);
    this.prompt = new PromptReader(header.tokenCount, this.vocabulary);
  }

  /** The same header for one row of a text that goes on after the prompt, up to the token after the row's, if there is one. */
  row(tokens: readonly PromptToken[], position: number): HeaderReader {
    return new HeaderReader(this.request, this.header, { vocabulary: this.vocabulary, tokens, position });
  }

  /** Whether a token follows a position of the stream. */
  hasNext(position: number): boolean {
    return this.#goesOn || position < this.prompt.tokens.length - 1;
  }

  add(chunk: PromptChunk): void {
    this.prompt.add(chunk);
    if (this.prompt.isComplete) this.#checkPrompt();
  }

  get vocabularySize(): number {
    return this.header.model?.vocabularySize ?? 0;
  }

  get positions(): readonly number[] {
    return this.prompt.positions;
  }

  get mayBeCompact(): boolean {
    return this.header.numberForm === NumberForm.COMPACT;
  }

  /** What the model reads; undefined where ids were sent. */
  get text(): string | undefined {
    const { form } = this.request.prompt ?? { form: undefined };
    if (form?.case === 'text') return form.value;
    return this.header.renderedChat === undefined ? undefined : this.header.renderedChat + this.prompt.rendered;
  }

  /**
   * Compares the counts of a summary with what came.
   *
   * @param missing tracked tokens that came without a trajectory
   */
  requireCounts(summary: LensSummary, positions: number, missing: number): void {
    require(summary.omittedRowCount === BigInt(missing),
      () => `${missing} tracked tokens came without trajectory, the summary says ${summary.omittedRowCount}`);
    const cells = this.covered.reduce((sum, points) => sum + points.length, 0) * positions;
    require(summary.cellCount === BigInt(cells), () => `the summary counts ${summary.cellCount} cells where ${cells} came`);
    require(summary.selfCheck !== undefined, () => 'the summary has no self-check');
  }

  /** Compares the header with what was asked for. */
  #checkEcho(): void {
    const { request, header } = this;
    requireEcho('predictions per cell', topKOf(request), header.topK);
    requireEcho('attribution', request.attribution !== undefined, header.attributedParts.length > 0);
    requireEcho('trajectories', request.trajectories !== undefined, header.hasTrajectories);
    requireEcho('number form', numberFormOf(request), header.numberForm);
    requireEcho('request id', request.requestId, header.requestId);
    requireEcho('statistics', `${request.statistics.toSorted()}`, `${header.statistics.toSorted()}`);
    require(isSame(CandidatesSchema, request.candidates, header.candidates),
      () => `candidates: asked for ${request.candidates?.rule.case}, the header says ${header.candidates?.rule.case}`);
    const lenses = lensesOf(request);
    require(lenses.length === header.lenses.length && lenses.every((lens, i) => equals(LensSchema, lens, header.lenses[i]!)),
      () => `lenses: asked for ${lenses.map((lens) => lens.kind.case)}, the header says ${header.lenses.map((lens) => lens.kind.case)}`);
    const answered = header.targets.map(({ target }) => target);
    require(request.targets.length === answered.length
      && request.targets.every((target, i) => answered[i] !== undefined && equals(TargetSchema, target, answered[i])),
      () => `targets: asked for ${request.targets.map(({ token }) => token.value)}, the header says ${answered.map((target) => target?.token.value)}`);
  }

  #readPoints(): ReadPoint[] {
    const blocks = this.header.model?.blockCount ?? 0;
    const wanted = sitesOf(this.request);
    const points: ReadPoint[] = [];
    for (const { block, site } of this.header.readPoints) {
      const name = siteName(site);
      if (name === undefined || !wanted.includes(site)) throw brokenStream(`a read point is at the site ${site}, which was not asked for`);
      const point = { block, site: name };
      const previous = points.at(-1);
      require(block >= 0 && block < blocks && (previous === undefined || isDeeper(point, previous)),
        () => `the header's read points are not ascending within ${blocks} blocks: ${pointInWords(point)} after ${previous === undefined ? 'none' : pointInWords(previous)}`);
      points.push(point);
    }
    require(points.length > 0, () => 'the header lists no read points');
    require(!wanted.includes(Site.EMBEDDING) || points[0]!.site === 'embedding', () => 'the embedding was asked for, but is no read point');
    return points;
  }

  #readCovered(): number[][] {
    const lenses = lensesOf(this.request).length;
    const { readings } = this.header;
    require(readings.length === 0 || readings.length === lenses, () => `the header says what ${readings.length} of ${lenses} lenses read`);
    if (readings.length === 0) return Array.from({ length: lenses }, () => [...this.points.keys()]);
    return readings.map(({ readPoints }) => {
      require(readPoints.length > 0, () => 'a lens has no read points');
      readPoints.forEach((index, i) => require(index > (readPoints[i - 1] ?? -1) && index < this.points.length,
        () => `the read points of a lens are not ascending within ${this.points.length}: ${readPoints}`));
      return readPoints;
    });
  }

  #checkPrompt(): void {
    const positions = this.positions.length;
    require(positions === this.header.positionCount && positions > 0,
      () => `the header promised ${this.header.positionCount} positions, the prompt came with ${positions}`);
    const { form } = this.request.prompt ?? { form: undefined };
    if (form?.case === 'tokenIds') {
      const { ids } = form.value;
      require(ids.length === this.prompt.count && this.prompt.tokens.every(({ id }, i) => id === ids[i]),
        () => "the prompt's tokens are not the ids that were sent");
    }
    const isChat = form?.case === 'chat';
    require(isChat === (this.header.renderedChat !== undefined), () => `a rendered chat ${isChat ? 'is missing' : 'came, but none was sent'}`);
  }
}

function isSame<T extends DescMessage>(schema: T, one: MessageShape<T> | undefined, other: MessageShape<T> | undefined): boolean {
  return one === undefined || other === undefined ? one === other : equals(schema, one, other);
}

function requireEcho<T>(what: string, asked: T, answered: T): void {
  require(asked === answered, () => `${what}: asked for ${asked}, the header says ${answered}`);
}
