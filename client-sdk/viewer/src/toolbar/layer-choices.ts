import { blockOf, isInside } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { strideNote } from '../state/shown-layers.js';
import type { Store } from '../state/store.js';
import { button, choice, menu, toggle } from '../controls.js';

const STRIDES = [1, 2, 3, 4, 6, 8, 12, 16];

/** The menu of the shown layers: a window, and every n-th layer of it. */
export function layerChoices(lens: Lens, store: Store): { readonly element: HTMLElement; update(): void } {
  const { layers } = lens.run;
  const blocks = [...new Set(layers.map(blockOf))];
  const [lowest, highest] = [blocks[0] ?? 0, blocks.at(-1) ?? 0];
  const stride = choice('Layers', (value) => store.update({ stride: Number(value) }));
  const first = choice('From', (value) => narrow(Number(value), Math.max(Number(value), shownWindow()[1])));
  const last = choice('To', (value) => narrow(Math.min(Number(value), shownWindow()[0]), Number(value)));
  const all = button('All', () => store.update({ stride: 1, layerWindow: undefined }), { 'aria-label': 'All layers' });
  const inside = toggle('Inside blocks', (on) => store.update({ inside: on ? 'thin' : 'folded' }));
  inside.element.hidden = !layers.some(isInside);
  const names = blocks.map((layer) => [String(layer), layer < 0 ? 'embedding' : String(layer)] as const);

  function shownWindow(): readonly [number, number] {
    return store.state.layerWindow ?? [lowest, highest];
  }

  function narrow(from: number, to: number): void {
    store.update({ layerWindow: from === lowest && to === highest ? undefined : [from, to] });
  }

  return {
    element: menu('Layers', stride.element, first.element, last.element, inside.element, all),
    update() {
      const strides = [...new Set([...STRIDES.filter((n) => n === 1 || n < blocks.length), store.state.stride])];
      stride.show(strides.map((n) => [String(n), strideNote(n)?.replace(' layer', '') ?? 'every layer']), String(store.state.stride));
      first.show(names, String(shownWindow()[0]));
      last.show(names, String(shownWindow()[1]));
      inside.show(store.state.inside === 'thin');
      all.disabled = store.state.stride === 1 && store.state.layerWindow === undefined;
    },
  };
}
