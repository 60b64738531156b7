import type { TokenTable } from '../generated/stratalens/v1/lens_pb.js';
import type { TokenSpelling } from '../generated/stratalens/v1/model_pb.js';
import type { Token } from '../result/token.js';
import { require } from './broken-stream.js';
import { spellingOf, textOf } from './token-bytes.js';

/** The texts of a stream's ids, from its token tables. */
export class Vocabulary {
  readonly #spelling: TokenSpelling;
  readonly #size: number;
  readonly tokens = new Map<number, Token>();

  constructor(spelling: TokenSpelling, size: number) {
    this.#spelling = spelling;
    this.#size = size;
  }

  add(table: TokenTable | undefined): void {
    if (table === undefined) return;
    const { ids, texts, irregularIds, irregularSpellings } = table;
    require(ids.length === texts.length, () => `a token table has ${ids.length} ids but ${texts.length} texts`);
    require(irregularIds.length === irregularSpellings.length,
      () => `a token table has ${irregularIds.length} irregular ids but ${irregularSpellings.length} spellings`);
    const irregular = new Map(irregularIds.map((id, i) => [id, irregularSpellings[i]!]));
    ids.forEach((id, i) => {
      require(id >= 0 && id < this.#size, () => `token id ${id} is outside the vocabulary of ${this.#size}`);
      require(!this.tokens.has(id), () => `the text of token id ${id} came twice`);
      const bytes = texts[i]!;
      const raw = irregular.get(id) ?? spellingOf(bytes, this.#spelling);
      irregular.delete(id);
      // An id that stands for no bytes is shown as it is spelled, or else by its id.
      this.tokens.set(id, { id, raw, text: bytes.length > 0 ? textOf(bytes) : raw || `<unused_${id}>` });
    });
    require(irregular.size === 0, () => `spellings came for ids without text: ${[...irregular.keys()]}`);
  }

  /** The token of an id whose text must be known by now. */
  get(id: number): Token {
    const token = this.tokens.get(id);
    require(token !== undefined, () => `token id ${id} is used before its text came`);
    return token;
  }
}
