import { h } from '../dom.js';
import { download, fileName } from '../export/download.js';
import { DEFAULT_VIEW } from '../state/default-view.js';
import { fromJson, toJson } from '../state/saved.js';
import type { Store } from '../state/store.js';
import { button, menu } from './field.js';

/** Saves the whole view to a file and opens such a file. */
export function viewMenu(store: Store): readonly HTMLElement[] {
  const said = h('span', { class: 'sl-said', role: 'status' });
  const file = h('input', { type: 'file', accept: '.json,application/json', hidden: true, 'aria-label': 'A saved view' });
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    file.value = ''; // so that the same file can be opened again
    if (!chosen) return;
    open(chosen).then(
      (note) => (said.textContent = note),
      (reason: unknown) => (said.textContent = `Not opened: ${reason instanceof Error ? reason.message : String(reason)}`),
    );
  });
  const open = async (chosen: File): Promise<string> => {
    const { state, damaged } = fromJson(await chosen.text(), DEFAULT_VIEW);
    store.update(state);
    return damaged.length === 0 ? 'View opened' : damageNote(damaged);
  };
  const save = () => {
    const name = fileName(`${store.state.title} view`, 'json');
    download(name, new Blob([toJson(store.state)], { type: 'application/json' }));
    said.textContent = `${name} saved`;
  };
  const entries = menu('View', button('Save this view as JSON', save), button('Open a saved view', () => file.click()));
  return [entries, file, said];
}

/** The message about invalid fields of a saved view. */
export function damageNote(fields: readonly string[]): string {
  return `Parts of the saved view could not be read and keep their defaults: ${fields.join(', ')}.`;
}
