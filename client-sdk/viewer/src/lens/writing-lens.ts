import type { Lens, Outcome, Prediction, PromptToken, Run, Token } from './lens.js';

/**
 * A prompt and the text that a model writes after it as one result, which grows to the right: by a token when it is chosen,
 * and by its position once its layers are there. The arrays of `run` grow in place, so that parts may keep it.
 */
export class WritingLens implements Lens {
  readonly #run: { -readonly [K in keyof Run]: Run[K] };
  readonly #tokens: PromptToken[];
  readonly #positions: number[];
  readonly #finalTops: Prediction[];
  readonly #targetIds: (number | undefined)[][];
  /** The lens of each position, and the position's index in it. */
  readonly #columns: (readonly [Lens, number])[] = [];
  readonly #prompt: Lens;
  readonly #listeners = new Set<() => void>();
  #outcome: Outcome | undefined;

  /** Begins with the result of the prompt, whose layers must all be there, and which knows the texts of all further ids. */
  constructor(prompt: Lens) {
    this.#prompt = prompt;
    const { run } = prompt;
    this.#tokens = [...run.tokens];
    this.#positions = [];
    this.#finalTops = [];
    this.#targetIds = run.targets.map(() => []);
    const targets = run.targets.map((target, at) => ({ ...target, ids: this.#targetIds[at]! }));
    this.#run = { ...run, tokens: this.#tokens, positions: this.#positions, finalTops: this.#finalTops, targets };
    this.#add(prompt);
  }

  /** Adds a token that was chosen. */
  write(token: Token): void {
    this.#tokens.push({ ...token, start: undefined, end: undefined });
    this.#grow();
  }

  /** Adds the result of the next positions. */
  add(part: Lens): void {
    this.#add(part);
    this.#grow();
  }

  /** Ends a text that was stopped: drops a last token whose layers have not come. */
  stop(): void {
    this.#tokens.length = this.#positions.at(-1)! + 1;
    this.#grow();
  }

  /** Adds the outcome, and the places of all tokens in the whole text. */
  finish(outcome: Outcome, tokens: readonly PromptToken[], text: string | undefined): void {
    this.#tokens.splice(0, this.#tokens.length, ...tokens);
    this.#run.prompt = text;
    this.#outcome = outcome;
    this.#grow();
  }

  get run(): Run {
    return this.#run;
  }

  get layersReady(): number {
    return this.#run.layers.length;
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  isLoaded(): boolean {
    return true;
  }

  load(): Promise<void> {
    return Promise.resolve();
  }

  show(): void {}

  prediction(l: number, p: number, place: number): Prediction {
    const [lens, at] = this.#at(p);
    return lens.prediction(l, at, place);
  }

  statistic(name: string, l: number, p: number): number {
    const [lens, at] = this.#at(p);
    return lens.statistic(name, l, at);
  }

  targetRank(target: number, l: number, p: number): number {
    const [lens, at] = this.#at(p);
    return lens.targetRank(target, l, at);
  }

  targetLogProb(target: number, l: number, p: number): number {
    const [lens, at] = this.#at(p);
    return lens.targetLogProb(target, l, at);
  }

  tracked(p: number): Int32Array {
    const [lens, at] = this.#at(p);
    return lens.tracked(at);
  }

  logProb(id: number, l: number, p: number): number | undefined {
    const [lens, at] = this.#at(p);
    return lens.logProb(id, l, at);
  }

  token(id: number): Token {
    return this.#prompt.token(id);
  }

  vocabulary(): Iterable<Token> {
    return this.#prompt.vocabulary();
  }

  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(part: Lens): void {
    const { positions, finalTops, targets } = part.run;
    positions.forEach((position, at) => {
      this.#columns.push([part, at]);
      this.#positions.push(position);
      this.#finalTops.push(finalTops[at]!);
      targets.forEach(({ ids }, target) => this.#targetIds[target]!.push(ids[at]));
    });
  }

  #at(p: number): readonly [Lens, number] {
    const column = this.#columns[p];
    if (column === undefined) throw new RangeError(`position index ${p} is not here yet; ${this.#columns.length} positions are`);
    return column;
  }

  #grow(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
