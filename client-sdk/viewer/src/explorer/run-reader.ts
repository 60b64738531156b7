import { GrowingLens } from '../lens/growing-lens.js';
import type { Lens, Token } from '../lens/lens.js';
import { WritingLens } from '../lens/writing-lens.js';
import type { RunListener } from './bridge.js';
import { columnOf, outcomeOf, rowOf, runsOf, trackedOf } from './wire.js';
import type { WireColumn, WireOutcome, WireProgress, WireRow, WireRun, WireTracked, WireWritten } from './wire.js';

/** One or more. */
export type Lenses = readonly [Lens, ...Lens[]];

/** Reads the events of a run into lenses: of what the model reads, of the text that it writes, or of a changed pass and the unchanged one. */
export class RunReader {
  readonly #listener: RunListener;
  readonly #isWriting: boolean;
  /** The lenses that rows are for: those of a text have the rows of one position at a time. */
  #open: GrowingLens[] = [];
  #texts: readonly WritingLens[] = [];
  /** Texts of ids: each comes once in a run, with what uses it first. */
  readonly #vocabulary = new Map<number, Token>();
  #written = 0;
  #end: WireOutcome | undefined;

  constructor(listener: RunListener, isWriting: boolean) {
    this.#listener = listener;
    this.#isWriting = isWriting;
  }

  /** The last event of a run that ended well. */
  get end(): WireOutcome | undefined {
    return this.#end;
  }

  /** Of a changed pass, then of the unchanged one. */
  get lenses(): Lenses {
    return this.#all as readonly Lens[] as Lenses;
  }

  take(name: string, data: unknown): void {
    switch (name) {
      case 'started':
        return this.#listener.started((data as { id: string }).id);
      case 'progress':
        return this.#listener.progress(data as WireProgress);
      case 'run':
      case 'unchanged':
        return this.#run(data as WireRun);
      case 'row':
        return this.#row(data as WireRow);
      case 'tracked':
        return this.#tracked(data as WireTracked);
      case 'token':
        return this.#token(data as WireWritten);
      case 'column':
        return this.#column(data as WireColumn);
      case 'done':
        return this.#done(data as WireOutcome);
    }
  }

  /** Ends what has come of a text that was stopped. */
  stop(): void {
    for (const text of this.#texts) text.stop();
  }

  get #all(): readonly (GrowingLens | WritingLens)[] {
    return this.#isWriting ? this.#texts : this.#open;
  }

  #run(data: WireRun): void {
    const isFirst = this.#open.length === 0;
    this.#learn(data.vocabulary);
    this.#open.push(...runsOf(data).map((run) => new GrowingLens(run, this.#vocabulary)));
    if (isFirst && !this.#isWriting) this.#listener.begun(this.lenses);
  }

  #row(data: WireRow): void {
    this.#learn(data.vocabulary);
    this.#open[data.lens]!.addRow(rowOf(data));
  }

  #tracked(data: WireTracked): void {
    this.#learn(data.vocabulary);
    const lens = this.#open[data.lens]!;
    lens.addTracked(trackedOf(data, lens.run));
  }

  /** Its choice ends the rows of the position before it. */
  #token({ token, forced }: WireWritten): void {
    const isFirst = this.#texts.length === 0;
    this.#learn([token]);
    this.#close();
    if (isFirst) this.#listener.begun(this.lenses);
    this.#listener.wrote(++this.#written, forced);
    for (const text of this.#texts) text.write(token);
  }

  #column(data: WireColumn): void {
    this.#learn(data.vocabulary);
    this.#open = this.#texts.map(({ run }) => new GrowingLens(columnOf(data, run), this.#vocabulary));
  }

  #close(): void {
    if (this.#texts.length === 0) this.#texts = this.#open.map((prompt) => new WritingLens(prompt));
    else this.#texts.forEach((text, at) => text.add(this.#open[at]!));
  }

  #done(data: WireOutcome): void {
    this.#end = data;
    this.#listener.kept(data.kept, data.notKept);
    if (this.#isWriting) this.#close();
    for (const text of this.#texts) text.finish(outcomeOf(data), data.tokens ?? text.run.tokens, data.prompt);
    if (!this.#isWriting) for (const lens of this.#open) lens.finish(outcomeOf(data));
  }

  #learn(tokens: readonly Token[]): void {
    for (const token of tokens) this.#vocabulary.set(token.id, token);
  }
}
