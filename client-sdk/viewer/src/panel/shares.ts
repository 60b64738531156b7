import { targetName } from '../color/modes.js';
import { h, table } from '../dom.js';
import { layerAt, longLayer } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { decimal } from '../lens/numbers.js';

/** Parts of the model and attention heads that are listed. */
const FEW = 8;

interface Share {
  readonly name: string;
  readonly value: number;
}

/** What wrote the logit of a target at a position: the largest shares as bars, in nats; undefined if that is not known. */
export function sharesTable({ run, outcome }: Lens, target: number, p: number): HTMLElement | undefined {
  const at = p * run.targets.length + target;
  const shares = outcome?.attribution;
  if (shares === undefined || typeof shares.logits[at] !== 'number') return undefined;
  const parts = shares.parts.map(({ site, block = -1, shares: each }): Share => ({ name: longLayer(layerAt(site, block)!), value: each[at] ?? 0 }));
  const heads = shares.heads.flatMap(({ block, count, shares: each }) =>
    Array.from({ length: count }, (_, head): Share => ({ name: `head ${head} of block ${block}`, value: each[at * count + head] ?? 0 })),
  );
  const shown = [...largest([...parts, { name: 'biases', value: shares.biases[at] ?? 0 }]), ...largest(heads)];
  const most = Math.max(...shown.map(({ value }) => Math.abs(value)));
  const rows = shown.map(({ name, value }) => {
    const bar = h('span', { class: value < 0 ? 'sl-part sl-against' : 'sl-part' });
    bar.style.width = `${(100 * Math.abs(value)) / most}%`;
    return h('tr', {}, h('td', {}, name), h('td', { class: 'sl-track' }, bar), h('td', { class: 'sl-value' }, decimal(value)));
  });
  return table([h('th', { scope: 'col' }, `${targetName(run.targets[target]!)}, written by`), h('td', { class: 'sl-track' }), h('th', { scope: 'col', class: 'sl-value' }, 'Nats')], rows);
}

function largest(all: readonly Share[]): Share[] {
  return [...all].sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, FEW);
}
