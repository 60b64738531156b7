import { h } from '../dom.js';
import { download, fileName } from '../export/download.js';
import { button, menu } from '../controls.js';
import type { Bridge } from './bridge.js';
import type { Entry } from './entry.js';

const FILES = [
  ['HTML, works offline', 'lens.html', 'html'],
  ['JSON, lossless', 'lens.json', 'json'],
  ['JSON of the logitlenskit widget', 'lens.v2.json', 'v2.json'],
] as const;

/** Saves a finished run as the files that the command writes. The viewer's own menu, "Save", saves pictures and tables of what is in view. */
export function saveMenu(bridge: Bridge, entry: Entry): HTMLElement {
  const said = h('span', { class: 'ex-quiet', role: 'status' });
  const save = async (file: string, extension: string): Promise<void> => {
    said.textContent = 'Saving …';
    try {
      const name = fileName(entry.form.prompt.text, extension);
      download(name, await (entry.kept === undefined ? bridge.file(entry.id, file) : bridge.storedFile(entry.kept, file)));
      said.textContent = `${name} saved`;
    } catch (error) {
      said.textContent = `Not saved: ${(error as Error).message}`;
    }
  };
  const choices = FILES.map(([text, file, extension]) => button(text, () => void save(file, extension)));
  return h('div', { class: 'ex-save' }, said, menu('Files', ...choices));
}
