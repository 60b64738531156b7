import { button } from '../controls.js';
import { h } from '../dom.js';
import { positionIndex } from '../lens/address.js';
import { inputName, layerName, shortText } from '../lens/names.js';
import { decimal } from '../lens/numbers.js';
import type { Part } from '../part.js';
import { differs, type Store } from '../state/store.js';
import type { DifferenceLens } from './difference-lens.js';
import { parting } from './parting.js';

/** One sentence: in which layer the two predictions of the selected position part, with buttons that go there. */
export function partingSentence(lens: DifferenceLens, store: Store): Part {
  const element = h('p', { class: 'sl-answer sl-parting' });
  const token = (text: string) => h('bdi', { class: 'sl-said-token' }, text);
  const draw = () => {
    const { run } = lens;
    const { selected } = store.state;
    const p = selected ? positionIndex(run, selected.position) : run.positions.length - 1;
    if (p < 0 || lens.layersReady === 0) return element.replaceChildren(p < 0 ? 'The selected token has no counterpart in the other result.' : '');
    if (!lens.isLoaded(p)) {
      lens.load(p, p + 1).then(draw, () => undefined); // the cell's panel tells of damage
      return;
    }
    const position = run.positions[p]!;
    const layer = (l: number) =>
      button(layerName(lens, l), () => store.update({ selected: { layer: run.layers[l]!, position } }), { class: 'sl-go', title: 'Select this cell' });
    const { apart, otherBest, farthest, distance } = parting(lens, p);
    const best = (l: number, place: number) => token(shortText(lens.best(l, p, place).token.text));
    element.replaceChildren(
      'After ', token(inputName(lens, p)),
      ...(apart === undefined ? [' the two stay together'] : [' the two part at ', layer(apart)]),
      ...(otherBest === undefined ? ['; their best tokens are the same in every layer'] : ['; other best tokens first at ', layer(otherBest), ': ', best(otherBest, 0), ' and ', best(otherBest, 1)]),
      '; farthest apart at ', layer(farthest), ` (total variation ${decimal(distance)} at least).`,
    );
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
