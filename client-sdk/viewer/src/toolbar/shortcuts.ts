import './shortcuts.css';
import { h } from '../dom.js';
import type { Part, Shortcut } from '../part.js';
import { button } from '../controls.js';

/** A viewer, not the page around one. */
const VIEWER = '.sl-viewer:not(.sl-explorer)';

/**
 * Binds the keys of a viewer's parts, and `?`, which lists them. A key goes to the viewer with the focus; with the focus
 * elsewhere, to the first viewer of the page.
 *
 * @returns a function that ends it
 */
export function bindShortcuts(viewer: HTMLElement, parts: readonly Part[]): () => void {
  const list = { key: '?', does: 'list the shortcuts', run: () => dialog.showModal() };
  const shortcuts: readonly Shortcut[] = [...parts.flatMap((part) => part.shortcuts ?? []), list];
  const dialog = shortcutList(shortcuts);
  viewer.append(dialog);
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || dialog.open) return;
    const target = event.target as HTMLElement;
    const isMeant = (target.closest(VIEWER) ?? document.querySelector(VIEWER)) === viewer;
    if (!isMeant || target.matches('input, textarea, select, [contenteditable]')) return;
    const pressed = shortcuts.find(({ key, run }) => run && key === event.key);
    if (!pressed) return;
    event.preventDefault();
    pressed.run!();
  };
  document.addEventListener('keydown', press);
  return () => {
    document.removeEventListener('keydown', press);
    dialog.remove();
  };
}

/** A dialog that Escape, its button or a click beside it closes. The focus then returns to its place. */
function shortcutList(shortcuts: readonly Shortcut[]): HTMLDialogElement {
  const anywhere = 'Anywhere';
  const places = new Map<string, Map<string, string>>([[anywhere, new Map()]]);
  // Maps beside each other have the same keys.
  for (const { key, does, where = anywhere } of shortcuts) places.set(where, (places.get(where) ?? new Map()).set(key, does));
  const lists = [...places].flatMap(([where, keys]) => [
    h('h3', {}, where),
    h('dl', {}, ...[...keys].flatMap(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)])),
  ]);
  const close = button('Close', () => dialog.close());
  const content = h('div', {}, h('header', {}, h('h2', {}, 'Keyboard shortcuts'), close), ...lists);
  const dialog = h('dialog', { class: 'sl-shortcuts', 'aria-label': 'Keyboard shortcuts' }, content);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
