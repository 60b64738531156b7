import { modeName, modesOf, needsTarget, targetName } from '../color/modes.js';
import { h } from '../dom.js';
import { readable } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { visibleText } from '../lens/visible-text.js';
import type { Store } from '../state/store.js';
import type { ColorMode } from '../state/view-state.js';
import { choice, field } from '../controls.js';

/** Controls of the color: mode, and its target, token or threshold. */
export function colorChoices(lens: Lens, store: Store): { readonly elements: readonly HTMLElement[]; update(): void } {
  const mode = choice('Color', (value) => store.update({ color: value as ColorMode }));
  const target = choice('Target', (value) => store.update({ target: Number(value) }));
  const token = choice('Token', (value) => store.update({ colorToken: Number(value) }));
  const limit = h('input', { type: 'number', min: 1, max: lens.run.model.vocabularySize });
  limit.addEventListener('change', () => {
    if (limit.validity.valid && limit.value !== '') store.update({ rankThreshold: limit.valueAsNumber });
    limit.value = String(store.state.rankThreshold);
  });
  const threshold = field('Outline up to rank', limit);
  const modes = modesOf(lens.run).map((name) => [name, modeName(name, lens.run)] as const);
  const targets = lens.run.targets.map((each, index) => [String(index), targetName(each)] as const);
  return {
    elements: [mode.element, target.element, token.element, threshold],
    update() {
      const { color, colorToken, rankThreshold } = store.state;
      mode.show(modes, color);
      target.show(targets, String(store.state.target));
      target.element.hidden = !needsTarget(color);
      const offered = tokensToChoose(lens, store).map((id) => [String(id), nameOf(lens, id)] as const);
      token.show(offered, String(colorToken));
      token.element.hidden = color !== 'token';
      limit.value = String(rankThreshold);
      threshold.hidden = color !== 'rank';
    },
  };
}

/** Tokens to choose from: the chosen one, pinned ones, those of the selected cell, and targets given as ids. */
function tokensToChoose(lens: Lens, store: Store): number[] {
  const { colorToken, pins, selected } = store.state;
  const ids = [...pins.flatMap((pin) => pin.ids), ...lens.run.targets.flatMap((target) => target.tokenIds.slice(0, 1))];
  if (colorToken !== undefined) ids.unshift(colorToken);
  const cell = readable(lens, selected);
  for (let place = 0; cell && place < lens.run.k; place++) ids.push(lens.prediction(cell.l, cell.p, place).token.id);
  return [...new Set(ids)];
}

function nameOf(lens: Lens, id: number): string {
  try {
    return visibleText(lens.token(id).text.slice(0, 60));
  } catch {
    return `token ${id}`;
  }
}
