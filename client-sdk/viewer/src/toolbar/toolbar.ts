import './toolbar.css';
import { Darkness } from '../color/theme.js';
import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import type { Part } from '../part.js';
import type { Store } from '../state/store.js';
import type { ViewState } from '../state/view-state.js';
import { colorChoices } from './color-choices.js';
import { exportChoices } from './exports.js';
import { button, choice } from './field.js';
import { layerChoices } from './layer-choices.js';
import { viewMenu } from './view-menu.js';

const THEMES = [
  ['auto', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** The toolbar: controls of a view, its title and its exports. */
export function toolbar(lens: Lens, store: Store): Part {
  const darkness = new Darkness(store);
  const title = h('input', { class: 'sl-title', 'aria-label': 'Title', placeholder: 'Title', spellcheck: 'false' });
  title.addEventListener('change', () => store.update({ title: title.value }));
  title.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') title.blur();
  });
  const colors = colorChoices(lens, store);
  const layers = layerChoices(lens, store);
  const theme = choice('Theme', (value) => store.update({ theme: value as ViewState['theme'] }));
  // The viewer handles the key with the focus anywhere, and lists the keys of every part.
  const help = button('?', () => help.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true })), 'Keyboard shortcuts');
  const choices = h(
    'div',
    { class: 'sl-choices' },
    ...colors.elements,
    ...layers.elements,
    theme.element,
    h('div', { class: 'sl-actions' }, ...exportChoices(lens, store, darkness), ...viewMenu(store), help),
  );
  const update = () => {
    if (title !== document.activeElement) title.value = store.state.title;
    colors.update();
    layers.update();
    theme.show(THEMES, store.state.theme);
  };
  update();
  const ends = [store.subscribe(update), lens.onGrowth(update)];
  return {
    element: h('header', { class: 'sl-toolbar' }, h('h1', {}, title), choices),
    dispose() {
      for (const end of ends) end();
      darkness.dispose();
    },
  };
}
