import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colored } from '../../src/color/coloring.js';
import { fileName } from '../../src/export/download.js';
import { heatMapSvg } from '../../src/export/heatmap-svg.js';
import { escaped, fitted, tag } from '../../src/export/svg-text.js';
import { cellsTsv, cellTsv } from '../../src/export/tsv.js';
import { grouped } from '../../src/lens/numbers.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { SyntheticLens } from '../support/synthetic-lens.js';

const HOSTILE = ['</script>', 'a\tb\nc', '"&<\'', '\u202Eevil', 'x'.repeat(10_000), '\uFFFE\ud800'];
const VIEW = { ...DEFAULT_VIEW, columnWidth: 76, rowHeight: 26 };
const lens = new SyntheticLens({ layers: 3, tokens: HOSTILE });

function rows(tsv: string): string[][] {
  assert.ok(tsv.endsWith('\n'));
  return tsv.slice(0, -1).split('\n').map((line) => line.split('\t'));
}

test('a cell as TSV has a line for each place of its top-k', () => {
  const [head, ...lines] = rows(cellTsv(lens, 2, 1));
  assert.equal(lines.length, lens.run.k);
  for (const line of lines) assert.equal(line.length, head!.length);
  const best = lens.prediction(2, 1, 0);
  assert.deepEqual(lines[0]!.slice(0, 5), ['2', '1', 'a→b⏎c', '1', String(best.token.id)]);
  assert.ok(Math.abs(Number(lines[0]![8]) - best.logProb) < 1e-6);
});

test('cells as TSV are a table, whatever their texts hold', () => {
  const [head, ...lines] = rows(cellsTsv(lens, [0, 2], [0, 1, 2, 3, 4, 5]));
  assert.equal(lines.length, 12);
  for (const line of lines) assert.equal(line.length, head!.length);
  assert.ok(head!.includes('kl-from-final'));
  assert.ok(head!.includes('rank of next token') && head!.includes('rank of ·Paris'));
  assert.equal(lines.at(-1)![head!.indexOf('rank of next token')], '');
});

test('rows that are yet to come are left out of a table', () => {
  const growing = new SyntheticLens({ layers: 3, ready: 1 });
  assert.equal(rows(cellsTsv(growing, [0, 1, 2], [0])).length, 2);
});

test('an SVG is one well-formed element whose texts stay texts', () => {
  const { text, width, height } = heatMapSvg(lens, { ...VIEW, title: '<b>"&' }, false, { columns: [0, 6] });
  assert.ok(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'));
  assert.ok(text.includes('&lt;b&gt;&quot;&amp;'));
  assert.ok(text.includes('&lt;/script&gt;'.slice(0, 8)));
  assert.ok(!text.includes('</script>'));
  assert.ok(!text.includes('\u202E') && !text.includes('\uFFFE'));
  assert.ok(!text.includes('x'.repeat(50)));
  assert.ok(width >= 6 * VIEW.columnWidth && height >= 3 * VIEW.rowHeight);
  const opened = [...text.matchAll(/<(\w+)[^>]*[^/]>/g)].length;
  assert.equal(opened, [...text.matchAll(/<\/\w+>/g)].length);
});

test('an SVG with tokens down has a row for each token and a column for each layer', () => {
  const { text, width, height } = heatMapSvg(new SyntheticLens({ layers: 3, tokens: Array.from({ length: 40 }, (_, p) => `w${p}`) }), { ...VIEW, down: 'tokens' }, false, { columns: [0, 40] });
  assert.ok(height > 40 * VIEW.rowHeight && width < 600, `${width} x ${height}`);
  const places = [...text.matchAll(/<rect x="(\d+)" y="(\d+)" width="75" height="25"/g)].map(([, x, y]) => `${x},${y}`);
  assert.equal(new Set(places).size, 3 * 40);
  assert.ok(places.includes(`${2 * 76},${39 * 26}`));
  assert.ok(text.includes('>w39</text>'));
});

test('an SVG has one line around the cells inside of an outline, whatever runs down, and names them', () => {
  const isInside = (l: number, p: number): boolean => p === 4 && l >= 1;
  const coloring = colored({ name: 'x', number: () => 0, level: () => 0, text: String, ticks: [], outline: 'within reach', isInside });
  const line = (down: 'layers' | 'tokens', columns: readonly [number, number]): string | undefined =>
    / d="([^"]*)"/.exec(heatMapSvg(lens, { ...VIEW, down }, false, { columns, coloring }).text)?.[1];
  const wide = VIEW.columnWidth;
  // Two cells below each other at the third column, then beside each other in the third row.
  const edges = (path: string | undefined): string[] => path!.split('M').slice(1).sort();
  assert.deepEqual(edges(line('layers', [2, 6])), [`${2 * wide - 0.5} 25.5h76`, `${2 * wide - 0.5} 25.5v26`, `${2 * wide - 0.5} 51.5v26`, `${2 * wide - 0.5} 77.5h76`, `${3 * wide - 0.5} 25.5v26`, `${3 * wide - 0.5} 51.5v26`].sort());
  assert.deepEqual(edges(line('tokens', [2, 6])), ['75.5 51.5h76', '75.5 51.5v26', '75.5 77.5h76', '151.5 51.5h76', '151.5 77.5h76', '227.5 51.5v26'].sort());
  assert.equal(line('layers', [0, 3]), undefined);
  assert.ok(heatMapSvg(lens, VIEW, false, { columns: [0, 6], coloring }).text.includes('>outlined: within reach<'));
});

test('an SVG holds the columns and layers of the view, and says that it strides', () => {
  const long = new SyntheticLens({ layers: 9 });
  const { text } = heatMapSvg(long, { ...VIEW, stride: 4 }, true, { columns: [1, 3] });
  const cells = [...text.matchAll(/<rect [^>]*width="75" height="25"/g)];
  assert.equal(cells.length, 2 * 3);
  assert.ok(text.includes('every 4th layer'));
});

test('an SVG by rank has the ranks in its cells', () => {
  const { text } = heatMapSvg(lens, { ...VIEW, color: 'rank' }, false, { columns: [0, 2] });
  const rank = grouped(lens.targetRank(0, 0, 0));
  assert.ok(text.includes(`>${fitted(rank, 67, 12)}</text>`), rank);
});

test('an SVG ends with the lines of its caption, and a band has neither title nor legend', () => {
  const caption = ['a model', 'b'.repeat(70), 'c'.repeat(30)];
  const { text, height } = heatMapSvg(lens, { ...VIEW, title: 'T' }, false, { columns: [0, 6], caption });
  assert.deepEqual([...text.matchAll(/<text [^>]*font-size="10" fill="#5d606b">([abc][^<]*)</g)].map(([, line]) => line), [`a model · ${'b'.repeat(70)}`, 'c'.repeat(30)]);
  assert.equal(heatMapSvg(lens, { ...VIEW, title: 'T' }, false, { columns: [0, 6] }).height, height - 28);
  const band = heatMapSvg(lens, { ...VIEW, title: 'T' }, false, { columns: [0, 6], isBand: true }).text;
  assert.ok(!band.includes('>T<') && !band.includes('Probability of'));
});

test('a table names its source in each line', () => {
  const [head, ...lines] = rows(cellTsv(lens, 2, 1, ['a model', 'logit lens']));
  assert.equal(head!.at(-1), 'source');
  for (const line of lines) assert.equal(line.at(-1), 'a model · logit lens');
});

test('an SVG is the same each time', () => {
  const draw = () => heatMapSvg(lens, { ...VIEW, color: 'rank' }, false, { columns: [0, 6] }).text;
  assert.equal(draw(), draw());
});

test('texts are cut to a width with dots', () => {
  assert.equal(fitted('short', 100, 12), 'short');
  const cut = fitted('incomprehensibilities', 60, 12);
  assert.ok(cut.endsWith('…') && cut.length < 12);
  assert.ok(fitted('日本語のとても長い', 60, 12).length <= 5);
  assert.equal(fitted('anything', 8, 12), '');
});

test('attributes and texts are escaped', () => {
  assert.equal(tag('a', { b: '"<&', c: undefined, d: 1 / 3 }), '<a b="&quot;&lt;&amp;" d="0.33"/>');
  assert.equal(escaped("<'>"), "&lt;'&gt;");
});

test('a file is named after the title, with nothing that a file system minds', () => {
  assert.equal(fileName('What is / the "Capital"?', 'svg'), 'what-is-the-capital.svg');
  assert.equal(fileName('../../..', 'tsv'), 'lens.tsv');
  assert.equal(fileName('日本 été', 'png'), '日本-été.png');
});
