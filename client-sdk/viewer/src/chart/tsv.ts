import type { Lens } from '../lens/lens.js';
import type { Model } from './model.js';
import { subjectName } from './words.js';

/** The curves as a table: a line for each layer that is here, a column for each curve; empty where a value is not known. */
export function curvesTsv(lens: Lens, { rows, quantity }: Model): string {
  const { layers, positions } = lens.run;
  const columns = rows.flatMap(({ subject, curves }) =>
    curves.map(({ p, values }) => ({ name: `${subjectName(lens, subject, quantity)} at ${positions[p]}`, values })),
  );
  const lines = layers.slice(0, lens.layersReady).map((layer, l) => [layer, ...columns.map(({ values }) => number(values[l]!))]);
  return [['layer', ...columns.map(({ name }) => name)], ...lines].map((fields) => `${fields.join('\t')}\n`).join('');
}

function number(value: number): number | '' {
  return Number.isNaN(value) ? '' : Number(value.toPrecision(7));
}
