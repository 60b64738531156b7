import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SyntheticBrowser, type Opened, type SyntheticView } from '../support/synthetic-browser.js';

const MANY = Array.from({ length: 300 }, (_, i) => ` w${i}`);
let browser: SyntheticBrowser;

before(async () => {
  browser = await SyntheticBrowser.start();
});
after(() => browser.close());

function withFocus(does: string, opened: Opened, body: (view: SyntheticView, press: (...keys: string[]) => Promise<void>) => Promise<void>): void {
  test(does, async () => {
    const view = await browser.open(opened);
    await view.grid.focus();
    await body(view, async (...keys) => {
      for (const key of keys) await view.page.keyboard.press(key);
    });
    assert.deepEqual(view.errors, []);
    await view.page.context().close();
  });
}

/** Row and column of the cell that assistive technology is told of. */
async function active(view: SyntheticView): Promise<[number, number]> {
  const id = await view.grid.getAttribute('aria-activedescendant');
  const cell = view.page.locator(`#${id}`);
  const row = await cell.locator('xpath=ancestor::*[@role="row"]').getAttribute('aria-rowindex');
  return [Number(row), Number(await cell.getAttribute('aria-colindex'))];
}

withFocus('the grid is one tab stop', {}, async (view, press) => {
  await press('Shift+Tab');
  assert.ok(!(await view.grid.evaluate((grid) => grid.contains(document.activeElement))));
  await press('Tab');
  assert.ok(await view.grid.evaluate((grid) => grid === document.activeElement));
});

withFocus('arrows move by a cell, into the heads too', {}, async (view, press) => {
  assert.deepEqual(await active(view), [2, 2]);
  await press('ArrowDown', 'ArrowDown', 'ArrowRight');
  assert.deepEqual(await active(view), [4, 3]);
  await press('ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowLeft');
  assert.deepEqual(await active(view), [1, 2]);
});

withFocus('Home, End and pages go far, and scroll', { lens: { layers: 80, tokens: MANY } }, async (view, press) => {
  await press('End');
  assert.deepEqual(await active(view), [2, 301]);
  await press('Control+End');
  assert.deepEqual(await active(view), [81, 301]);
  assert.ok(await view.cell(81, 301).isVisible());
  await press('PageUp');
  const [row] = await active(view);
  assert.ok(row < 75 && row > 40, `row ${row}`);
  await press('PageDown', 'Home');
  assert.deepEqual(await active(view), [81, 2]);
  await press('Control+Home');
  assert.deepEqual(await active(view), [2, 2]);
});

withFocus('a cell that scrolled away is still where the keyboard is', { lens: { tokens: MANY } }, async (view, press) => {
  await press('ArrowDown');
  await view.scroll({ left: 5000 });
  await view.page.waitForFunction(() => !document.querySelector('[role=grid]')!.hasAttribute('aria-activedescendant'));
  await press('ArrowRight');
  assert.deepEqual(await active(view), [3, 3]);
  assert.ok(await view.cell(3, 3).isVisible());
});

withFocus('Enter shows a cell, Escape clears it', {}, async (view, press) => {
  await press('ArrowDown', 'Enter');
  assert.deepEqual((await view.state()).selected, { layer: 1, position: 0 });
  await press('Escape');
  assert.equal((await view.state()).selected, undefined);
  assert.ok(await view.page.getByRole('tooltip').isHidden());
});

withFocus('Enter on a token compares its position', {}, async (view, press) => {
  await press('ArrowUp', 'ArrowRight', 'Enter');
  assert.deepEqual((await view.state()).positions, [1]);
});

withFocus('moving tells others the cell and shows its numbers', {}, async (view, press) => {
  await press('ArrowRight');
  assert.deepEqual(await view.hover(), { layer: 0, position: 1 });
  assert.ok(await view.page.getByRole('tooltip').isVisible());
});

withFocus('p pins the best token of the cell and unpins it', {}, async (view, press) => {
  await press('p');
  const { pins } = await view.state();
  assert.equal(pins.length, 1);
  await press('p');
  assert.deepEqual((await view.state()).pins, []);
});

withFocus('c colors by the best token of the cell', {}, async (view, press) => {
  await press('c');
  const { color, colorToken } = await view.state();
  assert.equal(color, 'token');
  assert.notEqual(colorToken, undefined);
});

withFocus('t turns the map, with the keyboard on the same cell; a token is compared on its left', {}, async (view, press) => {
  await press('ArrowDown', 'ArrowRight', 'Enter', 't');
  assert.equal((await view.state()).down, 'tokens');
  assert.deepEqual(await active(view), [3, 3]);
  assert.deepEqual(await view.page.locator('.sl-selected').evaluateAll((cells) => cells.map((cell) => cell.ariaLabel)), [await view.cell(3, 3).getAttribute('aria-label')]);
  await press('ArrowDown', 'ArrowLeft', 'ArrowLeft', 'Enter');
  assert.deepEqual(await active(view), [4, 1]);
  assert.deepEqual((await view.state()).positions, [2]);
  await press('t');
  assert.deepEqual(await active(view), [1, 4]);
  await press('Control+c');
  assert.equal((await view.clipboard()).trim().split('\n').length, 1 + 12);
});

withFocus('brackets change the sizes', { view: { columnWidth: 76, rowHeight: 26 } }, async (view, press) => {
  await press(']');
  assert.equal((await view.state()).columnWidth, 95);
  await press('[', '{');
  assert.equal((await view.state()).columnWidth, 76);
  assert.equal((await view.state()).rowHeight, 21);
});

withFocus('Ctrl+C copies the cell, and on a token its column', {}, async (view, press) => {
  await press('ArrowDown', 'Control+c');
  assert.match(await view.clipboard(), /^layer\tposition\tinput\tplace\t.*\n1\t0\tThe\t1\t/);
  await press('Control+Home', 'ArrowUp', 'Control+c');
  const column = await view.clipboard();
  assert.equal(column.trim().split('\n').length, 1 + 12);
  assert.ok(column.includes('entropy'));
});

withFocus('? lists the shortcuts, Escape closes the list and returns', {}, async (view, press) => {
  await press('?');
  const dialog = view.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  assert.ok(await dialog.isVisible());
  assert.ok(await dialog.getByText('pin the best token of the cell').isVisible());
  for (const list of await dialog.locator('dl').all()) {
    const keys = await list.locator('kbd').allTextContents();
    assert.equal(new Set(keys).size, keys.length, 'each key once for a place');
  }
  await press('Escape');
  assert.ok(await dialog.isHidden());
  assert.ok(await view.grid.evaluate((grid) => grid === document.activeElement));
});

withFocus('the focus can be seen', {}, async (view, press) => {
  await press('ArrowDown');
  const outline = await view.page.locator('.sl-active').evaluate((cell) => getComputedStyle(cell).outlineStyle);
  assert.equal(outline, 'solid');
});

withFocus('every cell says its token and number in words', {}, async (view) => {
  const labels = await view.page.getByRole('gridcell').evaluateAll((cells) => cells.map((cell) => cell.ariaLabel ?? ''));
  assert.equal(labels.length, 60);
  for (const label of labels) assert.match(label, /, [\d.e-]+( %)?$/);
});
