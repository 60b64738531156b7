import type { Lens } from '../lens/lens.js';
import type { Model } from './model.js';
import { subjectName } from './words.js';

/**
 * The curves as tab-separated text: a line for each loaded layer, a column for each curve; empty if a value is not
 * recorded. Each line ends with the source.
 */
export function curvesTsv(lens: Lens, { rows, quantity }: Model, source: readonly string[] = []): string {
  const { layers, positions } = lens.run;
  const columns = rows.flatMap(({ subject, curves }) =>
    curves.map(({ p, values }) => ({ name: `${subjectName(lens, subject, quantity)} at ${positions[p]}`, values })),
  );
  const end = source.length === 0 ? [] : [source.join(' · ')];
  const lines = layers.slice(0, lens.layersReady).map((layer, l) => [layer, ...columns.map(({ values }) => number(values[l]!)), ...end]);
  return [['layer', ...columns.map(({ name }) => name), ...end.map(() => 'source')], ...lines].map((fields) => `${fields.join('\t')}\n`).join('');
}

function number(value: number): number | '' {
  return Number.isNaN(value) ? '' : Number(value.toPrecision(7));
}
