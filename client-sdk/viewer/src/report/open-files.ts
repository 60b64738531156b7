import { button } from '../controls.js';
import { h } from '../dom.js';
import { openText } from '../file/open.js';
import type { Lens } from '../lens/lens.js';
import { areOneRun } from '../pair/lens-switch.js';

/**
 * Opens result files with a button, or dropped anywhere on the page. One file replaces the shown result; two are
 * compared. If a file cannot be read, a message says so and the page stays.
 *
 * @returns the button and the message, for the page to place
 */
export function openFiles(show: (lenses: readonly Lens[]) => void): HTMLElement {
  const said = h('p', { role: 'alert' });
  const chosen = h('input', { type: 'file', multiple: true, accept: '.json,.html,application/json,text/html', hidden: true });
  const open = async (files: readonly File[]): Promise<void> => {
    const lenses: Lens[] = [];
    for (const file of files) {
      try {
        lenses.push(...(await openText(await file.text())));
      } catch (error) {
        said.textContent = `${file.name} cannot be opened: ${(error as Error).message}.`;
        return;
      }
    }
    if (lenses.length > 2 && !areOneRun(lenses)) {
      said.textContent = `${lenses.length} results are too many for one page; open one, or two to compare them.`;
      return;
    }
    said.textContent = '';
    show(lenses);
  };
  chosen.addEventListener('change', () => {
    void open([...chosen.files!]);
    chosen.value = '';
  });
  document.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void open(files);
  });
  return h('footer', { class: 'sl-open' }, button('Open result …', () => chosen.click()), chosen, h('span', {}, 'or drop a file here (Stratalens or the logitlenskit widget).'), said);
}
