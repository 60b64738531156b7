import './toolbar.css';
import { h } from '../dom.js';
import { download, fileName } from '../export/download.js';
import type { Part } from '../part.js';
import { DEFAULT_VIEW } from '../state/default-view.js';
import { fromJson, toJson } from '../state/saved.js';
import type { Store } from '../state/store.js';
import { button, menu } from './field.js';

/** Saves the whole view to a file and opens such a file. */
export function viewChoices(store: Store): Part {
  const said = h('span', { class: 'sl-said', role: 'status' });
  const file = h('input', { type: 'file', accept: '.json,application/json', hidden: true, 'aria-label': 'A saved view' });
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    file.value = ''; // so that the same file can be opened again
    if (!chosen) return;
    chosen.text().then(
      (json) => {
        const { state, damaged } = fromJson(json, DEFAULT_VIEW);
        store.update(state);
        said.textContent = damaged.length === 0 ? 'View opened' : damageNote(damaged);
      },
    ).catch((reason: unknown) => {
      said.textContent = `Not opened: ${reason instanceof Error ? reason.message : String(reason)}`;
    });
  });
  const save = () => {
    const name = fileName(`${store.state.title} view`, 'json');
    download(name, new Blob([toJson(store.state)], { type: 'application/json' }));
    said.textContent = `${name} saved`;
  };
  const element = h(
    'div',
    { class: 'sl-actions' },
    menu('View', button('Save this view as JSON', save), button('Open a saved view', () => file.click())),
    file,
    said,
  );
  return { element, dispose: () => {} };
}

/** What a reader is told of a saved view that was not believed whole. */
export function damageNote(fields: readonly string[]): string {
  return `Parts of the saved view were not understood and are left as they are at first: ${fields.join(', ')}.`;
}
