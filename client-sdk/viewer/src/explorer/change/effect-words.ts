import { positionIndex } from '../../lens/address.js';
import { shortLayer } from '../../lens/layers.js';
import type { Lens } from '../../lens/lens.js';
import { inputName } from '../../lens/names.js';
import { decimal, percent } from '../../lens/numbers.js';
import { visibleText } from '../../lens/visible-text.js';
import type { ChangeForm } from '../bridge.js';
import type { WireMetric } from '../wire.js';

/** A row in words: `layer 3 of ·Italy`. */
export function rowWords(lens: Lens, layer: number, position: number): string {
  return `layer ${shortLayer(layer)} of ${inputName(lens, positionIndex(lens.run, position))}`;
}

/** What is changed, as the beginning of a sentence. */
export function changeWords({ layer, position, replacement, steering }: ChangeForm, target: Lens, source: Lens | undefined): string {
  if (steering) {
    const where = position === undefined ? `layer ${shortLayer(layer)} of every token` : rowWords(target, layer, position);
    return `“${visibleText(steering.token)}” added to ${where}, ${decimal(steering.strength)} times as long as the row`;
  }
  const row = rowWords(source!, replacement!.layer, replacement!.position);
  return `${row[0]!.toUpperCase()}${row.slice(1)} replaces ${rowWords(target, layer, position!)}`;
}

/** What a change did: how the output moved, and how many cells it can reach. */
export function effectWords(changed: Lens, metrics: readonly WireMetric[], steering: ChangeForm['steering']): string {
  const { layers, positions } = changed.run;
  const reached = (changed.outcome?.reached ?? []).reduce((sum, edges) => sum + stretches(edges), 0);
  const moved = metrics.map(({ kind, unchanged, changed: after }) =>
    kind === 'kl'
      ? `the output moves by ${decimal(Number(after))} nats (KL)`
      : `“${visibleText(steering?.token ?? '')}” goes from ${percent(Math.exp(Number(unchanged)))} to ${percent(Math.exp(Number(after)))}`,
  );
  return `At the last token ${moved.join(', ')}. The change can reach ${reached} of ${layers.length * positions.length} cells.`;
}

function stretches(edges: ArrayLike<number>): number {
  return Array.from(edges).reduce((sum, edge, at) => sum + (at % 2 === 1 ? edge : -edge), 0);
}
