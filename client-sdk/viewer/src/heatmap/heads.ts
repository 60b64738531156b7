import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import { isInside, longLayer, shortLayer } from '../lens/layers.js';
import { isUnfitted, promptText, promptTokenNote } from '../lens/prompt-text.js';
import { cut, isRightToLeft } from '../lens/visible-text.js';
import type { ViewState } from '../state/view-state.js';
import { LONGEST } from './look.js';

/** Draws the head of a token, of a column or a row: its position and its text, unless there is no room for a name. */
export function drawToken(head: HTMLElement, kind: string, { run }: Lens, { positions, selected }: ViewState, p: number, isNamed: boolean): void {
  const position = run.positions[p]!;
  const text = cut(promptText(run, position), LONGEST);
  const isCompared = positions.includes(position);
  const names = [kind];
  if (isCompared) names.push('sl-compared');
  if (selected?.position === position) names.push('sl-main');
  if (position % 5 === 0) names.push('sl-fifth');
  if (isUnfitted(run, position)) names.push('sl-unfitted');
  head.className = names.join(' ');
  head.title = promptTokenNote(run, position);
  head.setAttribute('aria-selected', String(isCompared));
  head.setAttribute('aria-label', `position ${position}: ${text}${isUnfitted(run, position) ? ', not fitted' : ''}`);
  head.replaceChildren(
    h('span', { class: 'sl-number' }, isNamed ? String(position) : ''),
    h('span', { class: isRightToLeft(text) ? 'sl-token sl-rtl' : 'sl-token' }, isNamed ? text : ''),
    handle(),
  );
}

/** Draws the head of a layer, of a row or a column. */
export function drawLayer(head: HTMLElement, kind: string, layer: number, isNamed: boolean): void {
  const name = longLayer(layer);
  head.className = kind;
  head.removeAttribute('aria-selected');
  head.setAttribute('aria-label', name);
  head.title = `${layer === -1 ? 'The embedding, before the first block' : isInside(layer) ? `What is read inside a block: ${name}` : `The stream after block ${layer}`}. Drag over layers to show only some.`;
  head.replaceChildren(h('span', { class: 'sl-layer' }, isNamed ? shortLayer(layer) : ''), handle());
}

/** The edge that changes the size of all cells. */
function handle(): HTMLElement {
  return h('div', { class: 'sl-handle', role: 'presentation' });
}

/** The layers before and after those of a stretch, in words, with the arrows of both ways; empty if all are in view. */
export function hiddenLayers(layers: readonly number[], from: number, to: number, [back, on]: string): string {
  const named = (arrow: string | undefined, hidden: readonly number[]) =>
    hidden.length === 0 ? [] : [`${arrow} ${hidden.length === 1 ? `layer ${shortLayer(hidden[0]!)}` : `layers ${shortLayer(hidden[0]!)} to ${shortLayer(hidden.at(-1)!)}`}`];
  return [...named(back, layers.slice(0, Math.round(from))), ...named(on, layers.slice(Math.floor(to + 0.1)))].join('   ');
}
