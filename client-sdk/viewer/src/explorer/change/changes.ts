import type { Bridge, ChangeForm, RunForm } from '../bridge.js';
import { Entry } from '../entry.js';
import type { History } from '../history.js';
import type { Lenses } from '../run-reader.js';

/** A pass that was computed to change it, or to take a row from it. */
export interface Ran {
  readonly id: string;
  readonly form: RunForm;
  readonly lenses: Lenses;
  /** Id of its file, if it has one. */
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
    readonly bridge: Bridge,
  ) {}

  /** The entry of a pass: a new one, or the one that is there. */
  add({ id, form, lenses, kept }: Ran): Entry {
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
    if (same) this.#delete(entry);
    else this.history.add(entry);
    // What an earlier visit left stays.
    this.#last = same && same !== last ? undefined : (same ?? entry);
    return same ?? entry;
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
