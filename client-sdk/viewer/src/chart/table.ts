import { h, table } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import type { Model } from './model.js';
import { layerName, positionName } from '../lens/names.js';
import { subjectName } from './words.js';

/** The curves as a table for screen readers: layers down, curves across. */
export function curveTable(lens: Lens, { rows, quantity, described, positions }: Model): HTMLTableElement {
  const { name, reading } = described;
  const columns = rows.flatMap(({ subject, curves }) =>
    curves.map((curve) => ({ curve, title: `${subjectName(lens, subject, quantity)} at position ${positionName(lens, curve.p)}` })),
  );
  const body = Array.from({ length: lens.layersReady }, (_, l) =>
    h('tr', {}, h('th', { scope: 'row' }, layerName(lens, l)), ...columns.map(({ curve }) => h('td', {}, spoken(reading(curve.values[l]!))))),
  );
  const heads = [h('th', { scope: 'col' }, 'Layer'), ...columns.map(({ title }) => h('th', { scope: 'col' }, title))];
  const caption = h('caption', {}, `${name} over layers, ${counted(columns.length, 'curve')} at ${counted(positions.length, 'position')}`);
  const whole = table(heads, body);
  whole.prepend(caption);
  return whole;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function spoken(reading: string): string {
  return reading === '–' ? 'not recorded' : reading;
}
