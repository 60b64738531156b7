import type { PromptChunk } from '../generated/stratalens/v1/lens_pb.js';
import type { SweepCells, SweepEvent, SweepHeader, SweepSummary } from '../generated/stratalens/v1/lens_service_pb.js';
import { TokenSpelling } from '../generated/stratalens/v1/model_pb.js';
import { SweepResult } from '../result/sweep.js';
import { brokenStream, require } from './broken-stream.js';
import { PromptReader } from './prompt-reader.js';
import { Vocabulary } from './vocabulary.js';

/**
 * Puts the events of a sweep together, and refuses every stream that is not complete and consistent: header, prompt chunks,
 * cells, summary. Progress may come between any two.
 */
export class SweepAssembler {
  #header: SweepHeader | undefined;
  #prompt: PromptReader | undefined;
  #values: Float32Array | undefined;
  readonly #came = new Set<number>();
  #result: SweepResult | undefined;

  add({ kind }: SweepEvent): void {
    require(this.#result === undefined || kind.case === undefined, () => `${kind.case} came after the summary`);
    switch (kind.case) {
      case 'header': return this.#addHeader(kind.value);
      case 'promptChunk': return this.#addPrompt(kind.value);
      case 'cells': return this.#addCells(kind.value);
      case 'summary': return this.#addSummary(kind.value);
    }
  }

  /** The result, at the stream's end. */
  finish(): SweepResult {
    if (this.#result === undefined) throw brokenStream('the sweep ended without a summary');
    return this.#result;
  }

  #addHeader(header: SweepHeader): void {
    require(this.#header === undefined, () => 'a second header came');
    require(header.layers.length > 0, () => 'the header of the sweep has no layers');
    require(header.tokenCount >= 1, () => `the header says that the prompt has ${header.tokenCount} tokens`);
    this.#header = header;
    const { tokenSpelling = TokenSpelling.UNSPECIFIED, vocabularySize = 0 } = header.model ?? {};
    this.#prompt = new PromptReader(header.tokenCount, new Vocabulary(tokenSpelling, vocabularySize));
  }

  #addPrompt(chunk: PromptChunk): void {
    const [header, prompt] = [this.#header, this.#prompt];
    require(header !== undefined && prompt !== undefined, () => 'a prompt chunk came before the header');
    prompt.add(chunk);
    if (!prompt.isComplete) return;
    const { layers, positions, heads } = header;
    require(positions.join() === prompt.positions.join(), () => `the positions of header and prompt differ: ${positions} and ${prompt.positions}`);
    const count = layers.length * positions.length * Math.max(1, heads.length);
    require(count < 2 ** 31, () => `the header promises ${count} cells, more than can be kept`);
    this.#values = new Float32Array(count);
  }

  #addCells({ firstCell, values }: SweepCells): void {
    const all = this.#values;
    require(all !== undefined, () => 'cells came before all of the prompt');
    const first = Number(firstCell);
    require(first >= 0 && first <= all.length - values.length, () => `${values.length} cells from ${first} on came for a grid of ${all.length}`);
    values.forEach((value, i) => {
      require(!this.#came.has(first + i), () => `cell ${first + i} came twice`);
      this.#came.add(first + i);
      all[first + i] = value;
    });
  }

  #addSummary(summary: SweepSummary): void {
    const [header, prompt, values] = [this.#header, this.#prompt, this.#values];
    require(header !== undefined && prompt !== undefined && values !== undefined, () => 'the summary came before all of the prompt');
    require(this.#came.size === values.length && summary.cellCount === BigInt(values.length),
      () => `the summary counts ${summary.cellCount} cells where ${this.#came.size} of ${values.length} came`);
    this.#result = new SweepResult(header, prompt.tokens, values, summary);
  }
}
