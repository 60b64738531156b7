import { openText } from '../file/open.js';
import type { Lens, Token } from '../lens/lens.js';
import { ConnectionLost, eventsOf } from './events.js';
import { RunReader, type Lenses } from './run-reader.js';
import type { WireFailure, WireMetric, WireOutcome, WireProgress, WireStatistic } from './wire.js';

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
  /** How the model writes on; absent if it only reads. */
  readonly writing?: WritingForm;
  /** What is changed in the pass; absent for none. */
  readonly change?: ChangeForm;
}

/** How a model writes on. */
export interface WritingForm {
  readonly maxTokens: number;
  /** 0 = always the best token. */
  readonly temperature: number;
  /** A number with more digits than the page's numbers have; absent = one that the server chooses. */
  readonly seed?: string;
  /** Ids of the tokens to begin with. */
  readonly forced?: readonly number[];
  /** A text after them. */
  readonly then?: string;
  /** Whether tokens that end a text are tokens like any other. */
  readonly ignoreEnd?: boolean;
}

/** A change of one block's output: a row that is replaced, or a direction that is added. */
export interface ChangeForm {
  readonly layer: number;
  /** Absent = every token. */
  readonly position?: number;
  readonly replacement?: { readonly prompt: PromptForm; readonly layer: number; readonly position: number };
  readonly steering?: { readonly token: string; readonly strength: number };
}

/** A run in the folder of the history. */
export interface StoredRun {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly note: string;
  readonly model: string;
  readonly tokens: number;
  /** How many of the tokens the model wrote. */
  readonly written: number;
  /** Whether the last of those is a token that ends texts. */
  readonly ended: boolean;
  readonly form: RunForm;
}

export interface Tokenization {
  readonly contextLength: number;
  readonly tokens: readonly Token[];
}

/** What is known at the end of a run. */
export interface Ended extends Pick<WireOutcome, 'stopReason' | 'seed'> {
  /** Of a changed pass, then of the unchanged one. */
  readonly lenses: Lenses;
  readonly metrics?: readonly WireMetric[];
}

/** Events of a running request. */
export interface RunListener {
  started(id: string): void;
  progress(progress: WireProgress): void;
  /** The lenses, before their first layer; of a text with the layers of the prompt, before its first token. */
  begun(lenses: Lenses): void;
  /** How many tokens the model wrote with the one that comes next, and whether the request gave that one. */
  wrote(count: number, forced: boolean): void;
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

  /** Runs a request to its end, which it returns. Rejects with BridgeError, also if it is canceled. */
  async run(form: RunForm, listener: RunListener, signal: AbortSignal): Promise<Ended> {
    const answer = await this.#ask('runs', post(form, signal));
    const reader = new RunReader(listener, form.writing !== undefined);
    let cancel = (): void => undefined;
    try {
      for await (const { name, data } of eventsOf(answer.body!)) {
        if (name === 'error') throw new BridgeError(data as WireFailure);
        reader.take(name, data);
        if (name !== 'started') continue;
        cancel = () => this.#cancel((data as { id: string }).id);
        signal.addEventListener('abort', cancel);
      }
    } catch (error) {
      reader.stop();
      throw error instanceof ConnectionLost ? new BridgeError(GONE) : error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    if (reader.end === undefined) throw new BridgeError(GONE);
    return { lenses: reader.lenses, ...reader.end };
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

  /** Puts a changed pass of this page into the folder: the id of its file, or why there is none; neither without a folder. */
  async keep(id: string): Promise<Pick<WireOutcome, 'kept' | 'notKept'>> {
    return (await (await this.#ask(`runs/${id}`, { method: 'PUT' })).json()) as Pick<WireOutcome, 'kept' | 'notKept'>;
  }

  async call(id: string, name: string, note: string): Promise<void> {
    await this.#ask(`history/${encodeURIComponent(id)}`, { ...post({ name, note }), method: 'PUT' });
  }

  /** Deletes such a run, even while the page closes. */
  async forget(id: string): Promise<void> {
    await this.#ask(`history/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true });
  }

  /** Stops the work of a run, even while the page closes. */
  #cancel(id: string): void {
    void fetch(`${this.base}runs/${id}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
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

function post(body: unknown, signal?: AbortSignal): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: signal ?? null };
}
