import './toolbar.css';
import { Darkness } from '../color/theme.js';
import { button } from '../controls.js';
import { h } from '../dom.js';
import type { Part } from '../part.js';
import { colorChoices } from './color-choices.js';
import { exportChoices } from './exports.js';
import { layerChoices } from './layer-choices.js';
import type { Side } from './side.js';
import { viewMenu } from './view-menu.js';

/**
 * One row of controls. What is rarely used is in menus. Of several sides the first is controlled, and the others follow it.
 *
 * @param between further controls of the row
 */
export function toolbar(sides: readonly [Side, ...Side[]], ...between: HTMLElement[]): Part {
  const [{ lens, store }] = sides;
  const darkness = new Darkness(store);
  const colors = colorChoices(lens, store);
  const layers = layerChoices(lens, store);
  const view = viewMenu(store);
  // The viewer handles the key with the focus anywhere, and lists the keys of every part.
  const help = button('?', () => help.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true })), { 'aria-label': 'Keyboard shortcuts' });
  const actions = h('div', { class: 'sl-actions' }, layers.element, ...exportChoices(sides, darkness), ...view.elements, help);
  const turn = () => store.update({ down: store.state.down === 'layers' ? 'tokens' : 'layers' });
  const update = () => {
    colors.update();
    layers.update();
    view.update();
  };
  update();
  const ends = [store.subscribe(update), lens.onGrowth(update)];
  return {
    element: h('div', { class: 'sl-toolbar', role: 'group', 'aria-label': 'Map' }, h('div', { class: 'sl-choices' }, ...colors.elements, ...between, actions)),
    shortcuts: [{ key: 't', does: 'turn the map: layers down, tokens down', run: turn }],
    dispose() {
      for (const end of ends) end();
      darkness.dispose();
    },
  };
}
