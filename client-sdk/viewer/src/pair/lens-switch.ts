import { h } from '../dom.js';
import { shortLayer } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { lensName } from '../lens/provenance.js';

/** Whether these are the lenses of one run: the same prompt and model, read in different ways. */
export function areOneRun(lenses: readonly Lens[]): boolean {
  const prompts = new Set(lenses.map(({ run }) => run.model.name + run.tokens.map(({ id }) => id).join()));
  return prompts.size === 1 && new Set(lenses.map(({ run }) => run.lens)).size === lenses.length;
}

/** Chooses which lenses of a run are shown: one, or two side by side. `show` is told of a choice. */
export function lensSwitch(lenses: readonly Lens[], show: (chosen: readonly Lens[]) => void): HTMLElement {
  const notes = h('p');
  const choices = ['Lens ', 'beside '].map((name, place) => {
    const select = h('select', {}, ...lenses.map(({ run }, i) => h('option', { value: i }, lensName(run))));
    if (place === 1) select.append(h('option', { value: '' }, 'none'));
    select.value = String(place);
    select.addEventListener('change', () => show(changed()));
    return { select, element: h('label', {}, name, select) };
  });
  const changed = (): readonly Lens[] => {
    const chosen = [...new Set(choices.flatMap(({ select }) => lenses[Number(select.value || NaN)] ?? []))];
    notes.textContent = chosen.map((lens) => notesOf(lens, lenses)).join(' ');
    return chosen;
  };
  changed();
  return h('nav', { class: 'sl-open' }, ...choices.map(({ element }) => element), notes);
}

/** Where a lens is not available, and where its numbers mean little. */
function notesOf({ run }: Lens, lenses: readonly Lens[]): string {
  const missing = lenses[0]!.run.layers.filter((layer) => !run.layers.includes(layer));
  const words = [
    missing.length === 0 ? '' : `no map for layer ${missing.map(shortLayer).join(', ')}.`,
    run.fit?.skippedPositions ? `fitted without the first ${run.fit.skippedPositions} positions.` : '',
    ...(run.fit?.warnings ?? []),
  ].join(' ');
  return words.trim() && `${lensName(run)}: ${words}`;
}
