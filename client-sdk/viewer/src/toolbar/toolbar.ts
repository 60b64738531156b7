import './toolbar.css';
import { Darkness } from '../color/theme.js';
import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import { provenance } from '../lens/provenance.js';
import type { Part } from '../part.js';
import type { Store } from '../state/store.js';
import { colorChoices } from './color-choices.js';
import { exportChoices } from './exports.js';
import { button } from '../controls.js';
import { layerChoices } from './layer-choices.js';
import { viewMenu } from './view-menu.js';

/**
 * The head of a view: its title, the source of its numbers, and one row of controls. What is rarely used is in menus.
 *
 * @param between further controls of the row
 */
export function toolbar(lens: Lens, store: Store, ...between: HTMLElement[]): Part {
  const darkness = new Darkness(store);
  const title = h('input', { class: 'sl-title', 'aria-label': 'Title', placeholder: 'Title', spellcheck: 'false' });
  title.addEventListener('change', () => store.update({ title: title.value }));
  title.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') title.blur();
  });
  const colors = colorChoices(lens, store);
  const layers = layerChoices(lens, store);
  const view = viewMenu(store);
  const facts = h('p', { class: 'sl-facts' });
  // The viewer handles the key with the focus anywhere, and lists the keys of every part.
  const help = button('?', () => help.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true })), 'Keyboard shortcuts');
  const choices = h(
    'div',
    { class: 'sl-choices' },
    ...colors.elements,
    ...between,
    h('div', { class: 'sl-actions' }, layers.element, ...exportChoices(lens, store, darkness), ...view.elements, help),
  );
  const update = () => {
    if (title !== document.activeElement) title.value = store.state.title;
    colors.update();
    layers.update();
    view.update();
    facts.textContent = facts.title = provenance(lens).join(' · ');
    facts.classList.toggle('sl-warning', lens.outcome?.selfCheck.top1Agrees === false);
  };
  update();
  const ends = [store.subscribe(update), lens.onGrowth(update)];
  return {
    element: h('header', { class: 'sl-toolbar' }, h('h1', {}, title), facts, choices),
    dispose() {
      for (const end of ends) end();
      darkness.dispose();
    },
  };
}
