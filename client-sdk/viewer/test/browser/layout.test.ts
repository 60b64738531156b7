import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { onPages } from '../support/on-page.js';
import type { SyntheticView } from '../support/synthetic-browser.js';

const SIX = ['<|begin|>', 'The', ' capital', ' of', ' France', ' is'];
const MANY = Array.from({ length: 300 }, (_, i) => ` w${i}`);
const LAYERS = { layers: 30, tokens: SIX };

const onPage = onPages({ lens: LAYERS, width: 1280, height: 800 }, 'test/support/viewer-page.ts');

const detail = (view: SyntheticView) => view.page.getByRole('group', { name: 'Detail' });
const chart = (view: SyntheticView) => view.page.getByRole('application');
const predictions = (view: SyntheticView) => view.page.getByRole('group', { name: 'Predictions' });

/** The box of an element that is wholly inside the window. */
async function inWindow(view: SyntheticView, element: Locator, what: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = (await element.boundingBox())!;
  const { width, height } = view.page.viewportSize()!;
  assert.ok(box.y >= 0 && box.y + box.height <= height, `${what}: ${box.y} to ${box.y + box.height} of ${height}`);
  assert.ok(box.x >= 0 && box.x + box.width <= width, `${what}: ${box.x} to ${box.x + box.width} of ${width}`);
  return box;
}

for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
  onPage(`title, source, all layers, curve and predictions are in one window of ${width} x ${height}`, { width, height }, async (view) => {
    await inWindow(view, view.page.getByLabel('Title'), 'title');
    await inWindow(view, view.page.getByText('synthetic · float32 · logit lens'), 'source');
    assert.equal(await view.grid.getByRole('rowheader').count(), 30);
    await inWindow(view, view.cell(2, 1), 'first layer');
    await inWindow(view, view.cell(31, 7), 'last layer');
    await inWindow(view, chart(view), 'chart');
    await inWindow(view, predictions(view), 'predictions');
    await inWindow(view, view.page.getByRole('group', { name: 'Targets' }), 'targets');
    assert.equal(await view.grid.evaluate((grid) => grid.scrollHeight - grid.clientHeight), 0, 'nothing is hidden in the map');
    assert.equal(await view.page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true, 'the page does not scroll');
  });
}

onPage('few tokens use the width, and the detail is beside them', {}, async (view) => {
  const cell = (await view.cell(2, 2).boundingBox())!;
  assert.ok(cell.width >= 110, `${cell.width}`);
  const [map, beside] = [(await view.grid.boundingBox())!, (await detail(view).boundingBox())!];
  assert.ok(beside.x >= map.x + map.width && beside.x + beside.width > 1240, 'the window is used');
});

onPage('the controls are one row', {}, async (view) => {
  const boxes = await view.page.locator('.sl-viewer > .sl-toolbar .sl-choices > *').evaluateAll((all) =>
    all.filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect()).map(({ top, bottom }) => (top + bottom) / 2),
  );
  assert.ok(Math.max(...boxes) - Math.min(...boxes) < 3, String(boxes));
});

onPage('on a phone the map is in the first window, as wide as it, and the detail below', { width: 390, height: 844, touch: true }, async (view) => {
  await inWindow(view, view.page.getByLabel('Title'), 'title');
  const first = await inWindow(view, view.cell(2, 7), 'first layer');
  assert.ok(first.y < 260, `the map begins at ${first.y}`);
  await inWindow(view, view.cell(31, 7), 'last layer');
  assert.ok((await detail(view).boundingBox())!.y >= 844 - 100);
  await view.page.waitForFunction(() => document.documentElement.scrollWidth === document.documentElement.clientWidth);
});

for (const [width, height] of [[1280, 800], [1920, 1080], [390, 844]] as const) {
  onPage(`a long text over few layers runs down, with the detail beside it where there is room: ${width} x ${height}`, { lens: { layers: 12, tokens: MANY }, width, height }, async (view) => {
    assert.equal(await view.grid.getAttribute('aria-rowcount'), '301');
    await inWindow(view, view.cell(301, 13), 'last token');
    await inWindow(view, view.cell(301, 1), 'its head');
    if (width > 900) {
      assert.equal(await view.grid.evaluate((grid) => grid.scrollWidth - grid.clientWidth), 0, 'every layer is in view');
      await inWindow(view, predictions(view), 'predictions');
      const [map, beside] = [(await view.grid.boundingBox())!, (await detail(view).boundingBox())!];
      assert.ok(beside.x >= map.x + map.width);
    } else {
      assert.match((await view.page.locator('.sl-beyond').textContent())!, /^◂ layers 0 to \d$/);
      await view.page.waitForFunction(() => document.documentElement.scrollWidth === document.documentElement.clientWidth);
    }
  });
}

onPage('forty layers do not scroll inside the map', { lens: { ...LAYERS, layers: 40 } }, async (view) => {
  assert.equal(await view.grid.evaluate((grid) => grid.scrollHeight - grid.clientHeight), 0);
  await inWindow(view, view.cell(41, 2), 'last layer');
});

onPage('more layers scroll, and the edge names those that are out of view', { lens: { ...LAYERS, layers: 80 }, view: { selected: { layer: 0, position: 5 } } }, async (view) => {
  const edge = view.page.locator('.sl-beyond');
  const [, first] = /^▾ layers (\d+) to 79$/.exec((await edge.textContent())!)!;
  await view.cell(Number(first) + 1, 2).waitFor();
  await view.scroll({ top: 300 });
  await edge.getByText(/^▴ layers 0 to 1\d +▾ layers \d\d to 79$/).waitFor();
  await view.scroll({ top: 10_000 });
  await edge.getByText(/^▴ layers 0 to \d\d$/).waitFor();
});

onPage('many tokens have the width; the detail opens at the cell, closes, and can be docked', { lens: { layers: 30, tokens: MANY } }, async (view) => {
  assert.ok((await view.grid.boundingBox())!.width > 1200);
  await view.page.getByRole('button', { name: 'Close the detail' }).click();
  assert.ok(await detail(view).isHidden());
  await view.cell(10, 298).click();
  const cell = (await view.cell(10, 298).boundingBox())!;
  const opened = (await detail(view).boundingBox())!;
  const away = Math.min(Math.abs(opened.x - cell.x - cell.width), Math.abs(cell.x - opened.x - opened.width));
  assert.ok(away < 20, 'beside the cell');
  assert.ok(opened.y <= cell.y && opened.y + opened.height >= cell.y, 'at its height');
  await detail(view).getByRole('button', { name: 'Dock' }).click();
  const [map, docked] = [(await view.grid.boundingBox())!, (await detail(view).boundingBox())!];
  assert.ok(docked.x >= map.x + map.width);
  assert.equal((await view.state()).detail, 'docked');
  await detail(view).getByRole('button', { name: 'Undock' }).click();
  assert.ok((await view.grid.boundingBox())!.width > 1200);
});

onPage('a window that becomes smaller fits again', {}, async (view) => {
  await view.page.setViewportSize({ width: 1000, height: 700 });
  await view.page.waitForFunction(() => document.documentElement.scrollWidth <= 1000 && (document.querySelector('.sl-grid')!.getBoundingClientRect().bottom <= 700));
});

onPage('the sentence on top says what the model says, and follows the selection', {}, async (view) => {
  const sentence = view.page.locator('.sl-answer');
  assert.match((await sentence.textContent())!, /^After ·is the model says .+ \([\d.]+ %\)/);
  await view.cell(5, 4).click();
  assert.match((await sentence.textContent())!, /^After ·capital the model says /);
});

onPage('one cell is selected everywhere: a click moves chart and detail; a token on top is compared beside it', {}, async (view) => {
  await view.cell(12, 4).click();
  await view.page.getByRole('heading', { name: 'Layer 10, position 2 ·capital' }).waitFor();
  const columns = () => view.page.locator('.sl-curves thead bdi.sl-cut:not(.sl-curves-layer)').allTextContents();
  assert.deepEqual(await columns(), ['2 ·capital']);
  await view.cell(1, 6).click();
  assert.deepEqual(await columns(), ['2 ·capital', '4 ·France']);
  await view.page.getByRole('heading', { name: 'Layer 10, position 2 ·capital' }).waitFor();
  await view.cell(12, 7).click();
  assert.deepEqual(await columns(), ['5 ·is', '4 ·France']);
  await view.page.getByRole('button', { name: 'Stop comparing position 4' }).click();
  assert.deepEqual(await columns(), ['5 ·is']);
});

onPage('while layers arrive, the newest is selected until the reader chooses', { lens: { ...LAYERS, layers: 60, ready: 3 } }, async (view) => {
  const grow = () => view.inPage(({ lens }) => lens.grow());
  assert.deepEqual((await view.state()).selected, { layer: 2, position: 5 });
  for (let i = 0; i < 50; i++) await grow();
  assert.deepEqual((await view.state()).selected, { layer: 52, position: 5 });
  await view.settled();
  await inWindow(view, view.cell(54, 2), 'newest layer');
  const { x, y } = await inWindow(view, view.cell(50, 3), 'cell');
  await view.page.mouse.click(x + 5, y + 5); // a click of the driver scrolls in Firefox, though the cell is in view
  await grow();
  assert.deepEqual((await view.state()).selected, { layer: 48, position: 1 });
});
