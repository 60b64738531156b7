import './panel.css';
import { h } from '../dom.js';
import { positionIndex } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { crystallization } from '../lens/milestones.js';
import { inputName, layerName, shortText } from '../lens/names.js';
import { percent } from '../lens/numbers.js';
import type { Part } from '../part.js';
import { differs, type Store } from '../state/store.js';

/** One sentence: what the model says at the selected position, and from which layer on. */
export function answer(lens: Lens, store: Store): Part {
  const element = h('p', { class: 'sl-answer' });
  const draw = () => {
    const { run } = lens;
    const selected = store.state.selected ? positionIndex(run, store.state.selected.position) : -1;
    const p = selected < 0 ? run.positions.length - 1 : selected;
    const top = run.finalTops[p];
    if (!top) return;
    // Until its column is loaded, the sentence does without the layer; the cell's panel tells of damage.
    if (!lens.isLoaded(p)) lens.load(p, p + 1).then(draw, () => undefined);
    const token = (text: string) => h('bdi', { class: 'sl-said-token' }, text);
    element.replaceChildren(
      'After ', token(inputName(lens, p)), ' the model says ', token(shortText(top.token.text)), ` (${percent(Math.exp(top.logProb))})${since(p)}`,
    );
  };
  const since = (p: number): string => {
    if (lens.layersReady < lens.run.layers.length || !lens.isLoaded(p)) return '.';
    const l = crystallization(lens, p);
    return l === undefined ? '.' : `, its best token from ${layerName(lens, l)} on.`;
  };
  const ends = [
    store.subscribe((state, before) => {
      if (differs(state, before, 'selected')) draw();
    }),
    lens.onGrowth(draw),
  ];
  draw();
  return { element, dispose: () => ends.forEach((end) => end()) };
}
