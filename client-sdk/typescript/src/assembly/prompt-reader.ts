import type { IndexRange, PromptChunk } from '../generated/stratalens/v1/lens_pb.js';
import type { PromptToken } from '../result/token.js';
import { require } from './broken-stream.js';
import type { Vocabulary } from './vocabulary.js';

/** Puts the chunks of a prompt together: its tokens, and which of them are positions of the stream. */
export class PromptReader {
  readonly tokens: PromptToken[];
  readonly positions: number[];
  /** The rest of a rendered chat. */
  rendered = '';

  constructor(readonly count: number, readonly vocabulary: Vocabulary, tokens: readonly PromptToken[] = [], positions: readonly number[] = []) {
    this.tokens = [...tokens];
    this.positions = [...positions];
  }

  get isComplete(): boolean {
    return this.tokens.length === this.count;
  }

  add(chunk: PromptChunk): void {
    require(!this.isComplete, () => 'a prompt chunk came after the last token');
    const first = this.tokens.length;
    this.#addTokens(chunk);
    for (const range of chunk.positions) this.#addPositions(range, first);
    this.rendered += chunk.renderedChat ?? '';
  }

  #addTokens({ firstToken, tokenIds, tokenStarts, tokenEnds, newTokens }: PromptChunk): void {
    const [count, starts, left] = [tokenIds.length, tokenStarts.length, this.count - this.tokens.length];
    require(firstToken === this.tokens.length, () => `expected the prompt from token ${this.tokens.length}, but token ${firstToken} came`);
    require(count > 0 && count <= left, () => `a prompt chunk has ${count} tokens where ${left} are left`);
    require(starts === tokenEnds.length && (starts === 0 || starts === count),
      () => `${count} tokens came with ${starts} starts and ${tokenEnds.length} ends`);
    this.vocabulary.add(newTokens);
    tokenIds.forEach((id, i) => {
      const [start, end] = [tokenStarts[i], tokenEnds[i]];
      require(start === undefined || end === undefined || (start >= 0 && start <= end),
        () => `token ${this.tokens.length} has the byte range ${start} .. ${end}`);
      this.tokens.push({ ...this.vocabulary.get(id), start, end });
    });
  }

  #addPositions({ first = 0, last = 0, stride = 0 }: IndexRange, firstOfChunk: number): void {
    const previous = this.positions.at(-1) ?? -1;
    require(first > previous && first >= firstOfChunk && last >= first && last < this.tokens.length && stride >= 1,
      () => `positions ${first} .. ${last}, every ${stride}, came after position ${previous} in a chunk of the tokens ${firstOfChunk} .. ${this.tokens.length - 1}`);
    for (let position = first; position < last; position += stride) this.positions.push(position);
    this.positions.push(last);
  }
}
