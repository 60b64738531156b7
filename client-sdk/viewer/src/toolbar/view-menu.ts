import { h } from '../dom.js';
import { download, fileName } from '../export/download.js';
import { DEFAULT_VIEW } from '../state/default-view.js';
import { fromJson, toJson } from '../state/saved.js';
import type { Store } from '../state/store.js';
import type { ViewState } from '../state/view-state.js';
import { button, choice, menu, telling, toggle } from '../controls.js';

const THEMES = [
  ['auto', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** The menu of the view as a whole: theme, what runs down, whether exports name their source, and the view as a file. */
export function viewMenu(store: Store): { readonly elements: readonly HTMLElement[]; update(): void } {
  const theme = choice('Theme', (value) => store.update({ theme: value as ViewState['theme'] }));
  const tokensDown = toggle('Tokens down', (on) => store.update({ down: on ? 'tokens' : 'layers' }));
  const source = toggle('Source in exports', (on) => store.update({ source: on ? 'named' : 'unnamed' }));

  const said = h('span', { class: 'sl-said', role: 'status' });
  const file = h('input', { type: 'file', accept: '.json,application/json', hidden: true, 'aria-label': 'A saved view' });
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    file.value = ''; // so that the same file can be opened again
    if (!chosen) return;
    void telling(said, () => open(chosen), 'Not opened');
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
  const entries = menu('View', theme.element, tokensDown.element, source.element, button('Save this view as JSON', save), button('Open a saved view', () => file.click()));
  return {
    elements: [entries, file, said],
    update() {
      theme.show(THEMES, store.state.theme);
      tokensDown.show(store.state.down === 'tokens');
      source.show(store.state.source === 'named');
    },
  };
}

/** The message about invalid fields of a saved view. */
export function damageNote(fields: readonly string[]): string {
  return `Parts of the saved view could not be read and keep their defaults: ${fields.join(', ')}.`;
}
