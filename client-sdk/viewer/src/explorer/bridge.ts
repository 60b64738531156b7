import { openText } from '../file/open.js';
import { GrowingLens } from '../lens/growing-lens.js';
import type { Lens, Token } from '../lens/lens.js';
import { ConnectionLost, eventsOf } from './events.js';
import { outcomeOf, rowOf, runsOf, trackedOf } from './wire.js';
import type { WireFailure, WireOutcome, WireProgress, WireRow, WireRun, WireStatistic, WireTracked } from './wire.js';

export interface ServedModel {
  readonly name: string;
  readonly state: 'unknown' | 'loading' | 'ready' | 'failed' | 'not_loaded';
  readonly error?: string;
  readonly layers?: number;
  readonly contextLength?: number;
  readonly hasChatTemplate?: boolean;
  /** Names of its fitted lenses. */
  readonly lenses?: readonly string[];
  /** Where its blocks are, in words. */
  readonly places?: string;
}

/** The initial data of the page. */
export interface Opening {
  readonly model: string;
  readonly prompt?: string;
  readonly models: readonly ServedModel[];
  /** What the server computes on, with the free memory now, in words. */
  readonly devices: readonly string[];
  /** A statistic that can be computed. */
  readonly statistics: readonly WireStatistic[];
}

/** A message of a chat. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

export interface PromptForm {
  readonly model: string;
  readonly text: string;
  readonly chat: boolean;
  readonly system: string;
  /** Messages between the system's and the text. */
  readonly earlier: readonly Message[];
}

/** A request. Selections, targets and statistics are written as on the command line. */
export interface RunForm {
  readonly prompt: PromptForm;
  readonly layers: string;
  readonly positions: string;
  readonly topK: number;
  readonly targets: readonly string[];
  readonly statistics: string;
  readonly switches: readonly ('EMBEDDING' | 'ALL_SITES' | 'ATTRIBUTION' | 'EXACT')[];
  /** Names of lenses; none for the logit lens. */
  readonly lenses: readonly string[];
  /** Which tokens are predictions; absent in older files. */
  readonly candidates?: string;
}

/** A run in the folder of the history. */
export interface StoredRun {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly note: string;
  readonly model: string;
  readonly tokens: number;
  readonly form: RunForm;
}

export interface Tokenization {
  readonly contextLength: number;
  readonly tokens: readonly Token[];
}

/** One or more. */
export type Lenses = readonly [GrowingLens, ...GrowingLens[]];

/** Events of a running request. */
export interface RunListener {
  started(id: string): void;
  progress(progress: WireProgress): void;
  /** The lenses, before their first layer. */
  begun(lenses: Lenses): void;
  /** The id of the run's file, or why there is none; neither if runs are not kept in files. */
  kept(id: string | undefined, trouble: string | undefined): void;
}

/** A failure, with the message of the bridge. */
export class BridgeError extends Error {
  constructor(readonly failure: WireFailure) {
    super(failure.message);
  }
}

/** What a file says nothing of. */
const NO_FORM: RunForm = {
  prompt: { model: '', text: '', chat: false, system: '', earlier: [] },
  layers: 'all', positions: 'all', topK: 5, targets: [], statistics: 'all', switches: [], lenses: [],
};

const GONE: WireFailure = {
  code: 'GONE',
  message: 'The explorer does not answer. Start it again in the terminal, and open the address that it prints.',
  retryable: false,
};

/**
 * The connection to the process that serves this page. Its paths are below that of the page, which contains the token.
 */
export class Bridge {
  constructor(readonly base: string) {}

  async opening(): Promise<Opening> {
    return (await (await this.#ask('models')).json()) as Opening;
  }

  async tokenize(prompt: PromptForm, signal: AbortSignal): Promise<Tokenization> {
    return (await (await this.#ask('tokenize', post(prompt, signal))).json()) as Tokenization;
  }

  /** Runs a request to its end. Rejects with BridgeError, also if it is canceled. */
  async run(form: RunForm, listener: RunListener, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask('runs', post(form, signal));
    let lenses: Lenses | undefined;
    try {
      for await (const { name, data } of eventsOf(answer.body!)) {
        if (name === 'started') listener.started((data as { id: string }).id);
        else if (name === 'progress') listener.progress(data as WireProgress);
        else if (name === 'error') throw new BridgeError(data as WireFailure);
        else if (name === 'run') {
          lenses = runsOf(data as WireRun).map((run) => new GrowingLens(run)) as [GrowingLens, ...GrowingLens[]];
          learn(lenses, data as WireRun);
          listener.begun(lenses);
        } else if (lenses !== undefined) {
          if (name === 'done') listener.kept((data as WireOutcome).kept, (data as WireOutcome).notKept);
          fill(lenses, name, data);
        }
      }
    } catch (error) {
      throw error instanceof ConnectionLost ? new BridgeError(GONE) : error;
    }
    if (lenses?.[0].outcome === undefined) throw new BridgeError(GONE);
  }

  /** Stops the work of a run, even while the page closes. */
  cancel(id: string): void {
    void fetch(`${this.base}runs/${id}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
  }

  /** A finished run as a file. */
  async file(id: string, name: string): Promise<Blob> {
    return (await this.#ask(`runs/${id}/${name}`)).blob();
  }

  /** The runs in the folder, newest first, and where it is; no place if runs are not kept in files. */
  async history(): Promise<{ readonly folder: string | undefined; readonly runs: readonly StoredRun[] }> {
    const { folder, runs } = (await (await this.#ask('history')).json()) as { folder?: string; runs: (Omit<StoredRun, 'form'> & { form?: Partial<RunForm> })[] };
    return { folder, runs: runs.map((run) => ({ ...run, form: { ...NO_FORM, ...run.form, prompt: { ...NO_FORM.prompt, ...run.form?.prompt } } })) };
  }

  /** The result of a run in the folder, by lens. */
  async stored(id: string): Promise<readonly Lens[]> {
    return openText(await (await this.storedFile(id, 'lens.json')).text());
  }

  /** Such a run as a file. */
  async storedFile(id: string, name: string): Promise<Blob> {
    return (await this.#ask(`history/${encodeURIComponent(id)}/${name}`)).blob();
  }

  async call(id: string, name: string, note: string): Promise<void> {
    await this.#ask(`history/${encodeURIComponent(id)}`, { ...post({ name, note }), method: 'PUT' });
  }

  async forget(id: string): Promise<void> {
    await this.#ask(`history/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.base + path, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new BridgeError(GONE);
    }
    if (!answer.ok) throw new BridgeError((await answer.json()) as WireFailure);
    return answer;
  }
}

function fill(lenses: Lenses, name: string, data: unknown): void {
  if (name === 'row') {
    learn(lenses, data as WireRow);
    lenses[(data as WireRow).lens]!.addRow(rowOf(data as WireRow));
  } else if (name === 'tracked') {
    learn(lenses, data as WireTracked);
    const lens = lenses[(data as WireTracked).lens]!;
    lens.addTracked(trackedOf(data as WireTracked, lens.run));
  } else if (name === 'done') {
    for (const lens of lenses) lens.finish(outcomeOf(data as WireOutcome));
  }
}

/** A text is sent once, with the first lens that uses it. */
function learn(lenses: Lenses, { vocabulary }: { readonly vocabulary: readonly Token[] }): void {
  for (const lens of lenses) lens.learn(vocabulary);
}

function post(body: unknown, signal?: AbortSignal): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: signal ?? null };
}
