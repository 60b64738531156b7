import { pinColor } from '../color/pins.js';
import { button } from '../controls.js';
import { h } from '../dom.js';
import { shortText } from '../lens/names.js';
import type { Token } from '../lens/lens.js';
import { isPinned, withPinToggled } from '../state/pins.js';
import type { Store } from '../state/store.js';

/**
 * A token of a list: a click or Enter pins or unpins it, `c` colors the map by it. `list` keeps the keys of lists
 * distinct.
 */
export function tokenButton(store: Store, list: string, { id, raw, text }: Token): HTMLButtonElement {
  const { pins } = store.state;
  const pin = pins.find(({ ids }) => ids.includes(id));
  const element = button(h('bdi', {}, shortText(text)), () => store.update({ pins: withPinToggled(store.state.pins, id) }), {
    class: 'sl-pinnable', 'data-key': `${list} ${id}`, 'aria-pressed': String(isPinned(pins, id)),
    title: `${id < 0 ? '' : `id ${id}, in the vocabulary ${shortText(raw)}. `}Click or Enter pins it, c colors the map by it.`,
  });
  if (pin) element.style.setProperty('--sl-pin', pinColor(pin.color));
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey) return;
    store.update({ color: 'token', colorToken: id });
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}

/** Moves over the tokens of all lists of an element with the arrow keys. */
export function walkTokens(element: HTMLElement): void {
  element.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || !(event.target as Element).matches('.sl-pinnable')) return;
    const tokens = [...element.querySelectorAll<HTMLElement>('.sl-pinnable')];
    tokens[tokens.indexOf(event.target as HTMLElement) + by]?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
}
