import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchoredOffset, Line, placeAfter, type Geometry } from '../../src/heatmap/geometry.js';
import { Axes } from '../../src/heatmap/axes.js';
import { downFor, fittingColumnWidth, fittingRowHeight } from '../../src/heatmap/sizes.js';

const GRID: Geometry = { rows: 10, columns: 100, rowHeight: 20, columnWidth: 50, isTokensDown: false };

test('every cell that a stretch touches is within it, and none else', () => {
  assert.deepEqual(new Line(100, 50).within(0, 100), [0, 2]);
  assert.deepEqual(new Line(100, 50).within(49, 100), [0, 3]);
  assert.deepEqual(new Line(100, 50).within(50, 100), [1, 3]);
  assert.deepEqual(new Line(100, 50).within(4990, 100), [99, 100]);
});

test('a stretch beyond the cells holds none', () => {
  assert.deepEqual(new Line(100, 50).within(9000, 100), [100, 100]);
  assert.deepEqual(new Line(100, 50).within(-20, 100), [0, 2]);
  assert.deepEqual(new Line(0, 50).within(0, 100), [0, 0]);
});

test('a cell is scrolled into sight by the shortest way', () => {
  assert.equal(new Line(100, 50).toShow(5, 200, 300), 200);
  assert.equal(new Line(100, 50).toShow(1, 200, 300), 50);
  assert.equal(new Line(100, 50).toShow(10, 200, 300), 250);
  assert.equal(new Line(100, 400).toShow(2, 0, 300), 800);
});

test('thin cells take less room, and places count them as cells', () => {
  const line = new Line(4, 20, [true, true, false, false]);
  assert.deepEqual([0, 1, 2, 3, 4].map((index) => line.start(index)), [0, 8, 16, 36, 56]);
  assert.deepEqual([-5, 0, 8, 26, 55, 56].map((offset) => Math.floor(line.place(offset))), [-1, 0, 1, 2, 3, 4]);
  assert.deepEqual(line.within(9, 8), [1, 3]);
  assert.deepEqual(line.within(100, 8), [4, 4]);
  assert.equal(line.toShow(3, 0, 40), 16);
});

test('the cell whose edge is dragged keeps its start', () => {
  // Cell 10 began at 10 * 50 - 320 = 180 and begins there still.
  assert.equal(10 * 80 - anchoredOffset(10, 50, 80, 320), 180);
  assert.equal(anchoredOffset(0, 50, 80, 0), 0);
  assert.equal(anchoredOffset(20, 50, 10, 100), 0);
});

test('arrows move by one and stop at the edges; the heads lie above the first row', () => {
  assert.deepEqual(placeAfter('ArrowDown', false, { row: 3, column: 7 }, GRID, 5), { row: 4, column: 7 });
  assert.deepEqual(placeAfter('ArrowRight', false, { row: 3, column: 99 }, GRID, 5), { row: 3, column: 99 });
  assert.deepEqual(placeAfter('ArrowUp', false, { row: 0, column: 7 }, GRID, 5), { row: -1, column: 7 });
  assert.deepEqual(placeAfter('ArrowUp', false, { row: -1, column: 7 }, GRID, 5), { row: -1, column: 7 });
});

test('with tokens down their heads are left of the first column, and none are above the rows', () => {
  const turned = { ...GRID, isTokensDown: true };
  assert.deepEqual(placeAfter('ArrowLeft', false, { row: 3, column: 0 }, turned, 5), { row: 3, column: -1 });
  assert.deepEqual(placeAfter('ArrowUp', false, { row: 0, column: 7 }, turned, 5), { row: 0, column: 7 });
});

test('a place is the same cell whatever runs down', () => {
  for (const down of ['layers', 'tokens'] as const) {
    const axes = new Axes(down, [0, 4, 8], 100);
    const place = axes.place(2, 70);
    assert.deepEqual([axes.layerAt(place), axes.tokenAt(place)], [2, 70], down);
    assert.ok(place.row < axes.rows && place.column < axes.columns, down);
  }
});

test('a long text runs down if its layers fit across', () => {
  assert.equal(downFor(30, 6), 'layers');
  assert.equal(downFor(12, 300), 'tokens');
  assert.equal(downFor(80, 4000), 'layers');
  assert.equal(downFor(12, 12), 'layers');
});

test('Home and End stay in the row; with Control they go to the corners', () => {
  assert.deepEqual(placeAfter('Home', false, { row: 3, column: 7 }, GRID, 5), { row: 3, column: 0 });
  assert.deepEqual(placeAfter('End', false, { row: 3, column: 7 }, GRID, 5), { row: 3, column: 99 });
  assert.deepEqual(placeAfter('Home', true, { row: 3, column: 7 }, GRID, 5), { row: 0, column: 0 });
  assert.deepEqual(placeAfter('End', true, { row: 3, column: 7 }, GRID, 5), { row: 9, column: 99 });
});

test('pages move by what is in sight and stop at the first and last row', () => {
  assert.deepEqual(placeAfter('PageDown', false, { row: 3, column: 7 }, GRID, 5), { row: 8, column: 7 });
  assert.deepEqual(placeAfter('PageDown', false, { row: 8, column: 7 }, GRID, 5), { row: 9, column: 7 });
  assert.deepEqual(placeAfter('PageUp', false, { row: 3, column: 7 }, GRID, 5), { row: 0, column: 7 });
});

test('other keys do not move', () => {
  assert.equal(placeAfter('p', false, { row: 3, column: 7 }, GRID, 5), undefined);
});

test('sizes stay within what can be drawn and read', () => {
  assert.equal(fittingColumnWidth(-40), 14);
  assert.equal(fittingColumnWidth(1e6), 320);
  assert.equal(fittingColumnWidth(80.4), 80);
  assert.equal(fittingRowHeight(1), 8);
});
