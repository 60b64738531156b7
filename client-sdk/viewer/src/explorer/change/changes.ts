import type { Bridge, ChangeForm, RunForm } from '../bridge.js';
import { messageOf } from '../../controls.js';
import { Entry } from '../entry.js';
import type { HistoryPanel } from '../history-panel.js';
import type { History } from '../history.js';
import type { Lenses } from '../run-reader.js';

/** A pass that was computed to change it, or to take a row from it. */
export interface Ran {
  readonly id: string;
  readonly form: RunForm;
  readonly lenses: Lenses;
  /** Id of its file, if it has one: what was only read is kept by itself. */
  readonly kept: string | undefined;
  /** Why it has none; empty if nothing went wrong. */
  readonly trouble: string;
}

/**
 * The passes of one visit to a change, in the history. Of a changed pass the history has what was asked, which is computed again
 * when it is opened; of those with one token, or one prompt that rows come from, it has the last one, and all that have a name or a
 * note.
 */
export class Changes {
  #last: Entry | undefined;

  constructor(
    readonly history: History<Entry>,
    readonly panel: HistoryPanel,
    readonly bridge: Bridge,
  ) {}

  /** Takes a pass into the history, or finds it there, and marks it as shown. */
  add(ran: Ran): void {
    const shown = this.#entryOf(ran);
    this.panel.show(ran.form.change ? [shown] : [], ran.trouble);
  }

  #entryOf({ id, form, lenses, kept }: Ran): Entry {
    const { run } = lenses[0];
    const entry = new Entry(id, form, new Date(), run.model.name, run.tokens.length, {}, form.change ? undefined : lenses);
    entry.kept = kept;
    if (form.change === undefined) {
      this.history.add(entry);
      return entry;
    }
    const same = this.history.entries.find((each) => isSame(each.form, form));
    const last = this.#last;
    if (last && last !== same && last.name === '' && last.note === '' && subject(last.form.change) === subject(form.change)) this.#delete(last);
    if (same === undefined) {
      this.history.add(entry);
      void this.#keep(entry);
    }
    // What an earlier visit left stays.
    this.#last = same && same !== last ? undefined : (same ?? entry);
    return same ?? entry;
  }

  async #keep(entry: Entry): Promise<void> {
    try {
      const { kept, notKept = '' } = await this.bridge.keep(entry.id);
      entry.kept = kept;
      // Another pass may have replaced it meanwhile.
      if (this.history.find(entry.id) === undefined) this.#delete(entry);
      else this.panel.tell(notKept);
    } catch (error) {
      this.panel.tell(messageOf(error));
    }
  }

  #delete(entry: Entry): void {
    this.history.remove(entry.id);
    // A file that stays is no harm.
    if (entry.kept !== undefined) this.bridge.forget(entry.kept).catch(() => undefined);
  }
}

/** What a change goes on about while the reader moves it. */
function subject(change: ChangeForm | undefined): string {
  return change?.steering ? `token ${change.steering.token}` : `prompt ${change?.replacement?.prompt.text}`;
}

function isSame(one: RunForm, other: RunForm): boolean {
  const said = ({ prompt, change }: RunForm): string => {
    const { layer, position, steering, replacement } = change!;
    return JSON.stringify([prompt.model, prompt.text, prompt.system, layer, position, steering?.strength, replacement?.layer, replacement?.position, subject(change)]);
  };
  return one.change !== undefined && said(one) === said(other);
}
