import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { eventually } from '../support/eventually.js';
import { onPages } from '../support/on-page.js';
import type { SyntheticView } from '../support/synthetic-browser.js';

const MANY = Array.from({ length: 300 }, (_, i) => ` w${i}`);
const onPage = onPages();

const open = (view: SyntheticView, menu: string) => view.page.locator('summary', { hasText: menu }).click();

async function saved(view: SyntheticView, item: string): Promise<{ name: string; content: Buffer }> {
  await view.page.locator('summary', { hasText: 'Save' }).click();
  const [download] = await Promise.all([view.page.waitForEvent('download'), view.page.getByRole('button', { name: item }).click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

onPage('a color, its target and its threshold are chosen', {}, async ({ page }) => {
  await page.getByRole('combobox', { name: 'Color', exact: true }).selectOption({ label: 'Rank of the target' });
  await page.getByRole('combobox', { name: 'Target', exact: true }).selectOption({ label: 'next token' });
  await page.getByLabel('Outline up to rank').fill('50');
  await page.keyboard.press('Enter');
  await page.getByText('Rank of the target: next token').waitFor();
  await page.getByText('outlined: 50 or better').waitFor();
});

onPage('a threshold that is no rank is put back', { view: { color: 'rank' } }, async (view) => {
  const field = view.page.getByLabel('Outline up to rank');
  for (const wrong of ['0', '', '1000000000']) {
    await field.fill(wrong);
    await field.blur();
    assert.equal(await field.inputValue(), '10');
  }
  assert.equal((await view.state()).rankThreshold, 10);
});

onPage('a token to color by is one of the selected cell', { view: { selected: { layer: 3, position: 1 } } }, async (view) => {
  await view.page.getByRole('combobox', { name: 'Color', exact: true }).selectOption('token');
  const options = await view.page.getByRole('combobox', { name: 'Token', exact: true }).locator('option').count();
  assert.ok(options >= 5);
  await view.page.getByRole('combobox', { name: 'Token', exact: true }).selectOption({ index: 2 });
  assert.notEqual((await view.state()).colorToken, undefined);
});

onPage('a stride keeps the last layer and says that it strides', {}, async (view) => {
  await open(view, 'Layers');
  await view.page.getByRole('combobox', { name: 'Layers', exact: true }).selectOption('4');
  await view.page.locator('.sl-legend').getByText('every 4th layer').waitFor();
  assert.deepEqual(await view.page.getByRole('rowheader').allTextContents(), ['0', '4', '8', '11']);
});

onPage('a window of layers is chosen and given up', {}, async (view) => {
  await open(view, 'Layers');
  await view.page.getByRole('combobox', { name: 'From', exact: true }).selectOption('5');
  await view.page.getByRole('combobox', { name: 'To', exact: true }).selectOption('7');
  assert.deepEqual(await view.page.getByRole('rowheader').allTextContents(), ['5', '6', '7']);
  await view.page.getByRole('combobox', { name: 'From', exact: true }).selectOption('9');
  assert.deepEqual((await view.state()).layerWindow, [9, 9]);
  await view.page.getByRole('button', { name: 'All layers' }).click();
  assert.equal((await view.state()).layerWindow, undefined);
});

onPage('the menu of the view turns the map', {}, async (view) => {
  await open(view, 'View');
  await view.page.getByLabel('Tokens down').check();
  assert.deepEqual([await view.grid.getAttribute('aria-rowcount'), await view.grid.getAttribute('aria-colcount')], ['6', '13']);
  await view.page.getByLabel('Tokens down').uncheck();
  assert.deepEqual([await view.grid.getAttribute('aria-rowcount'), await view.grid.getAttribute('aria-colcount')], ['13', '6']);
});

onPage('the theme is chosen, and the cells follow', {}, async (view) => {
  const color = () => view.cell(2, 2).evaluate((cell) => cell.style.background);
  const light = await color();
  await open(view, 'View');
  await view.page.getByRole('combobox', { name: 'Theme', exact: true }).selectOption('dark');
  assert.notEqual(await color(), light);
});

onPage('the theme follows the system where none is chosen', {}, async (view) => {
  const color = () => view.cell(2, 2).evaluate((cell) => cell.style.background);
  const light = await color();
  await view.page.emulateMedia({ colorScheme: 'dark' });
  await eventually(async () => (await color()) !== light);
});

onPage('a dark view is light on paper', { view: { theme: 'light' } }, async (view) => {
  const legend = () => view.page.locator('.sl-bar').evaluate((bar) => bar.style.background);
  const light = await legend();
  await open(view, 'View');
  await view.page.getByRole('combobox', { name: 'Theme', exact: true }).selectOption('dark');
  assert.notEqual(await legend(), light);
  await view.page.emulateMedia({ media: 'print' });
  await eventually(async () => (await legend()) === light);
  await view.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await view.page.locator('.sl-paper-map > svg > rect').first().getAttribute('fill'), '#ffffff');
});

onPage('the title is edited in place', { view: { title: 'before' } }, async (view) => {
  await view.page.getByLabel('Title').fill('after');
  await view.page.keyboard.press('Enter');
  assert.equal((await view.state()).title, 'after');
});

onPage('a cell, a column and the grid are copied', { view: { selected: { layer: 3, position: 1 } } }, async (view) => {
  const lines = { Cell: 1 + 5, Column: 1 + 12, Grid: 1 + 12 * 5 };
  for (const [what, count] of Object.entries(lines)) {
    await view.page.locator('summary', { hasText: 'Copy' }).click();
    await view.page.getByRole('button', { name: `${what} as TSV`, exact: true }).click();
    await view.page.getByText(`${what} copied`).waitFor();
    assert.equal((await view.clipboard()).trim().split('\n').length, count, what);
  }
});

onPage('copying a cell where none is selected says what to do', {}, async (view) => {
  await view.page.locator('summary', { hasText: 'Copy' }).click();
  await view.page.getByRole('button', { name: 'Cell as TSV' }).click();
  await view.page.getByText('Not done: no cell is selected; click one first').waitFor();
});

onPage('what is in sight is saved as an SVG whose texts are texts', { lens: { tokens: MANY, delay: 1 }, view: { title: 'A <title> & more' } }, async (view) => {
  const { name, content } = await saved(view, 'SVG of this view');
  assert.equal(name, 'a-title-more.svg');
  const text = content.toString('utf8');
  assert.ok(text.includes('·w3<') && !text.includes('·w200<'));
  const parsed = await view.page.evaluate((svg) => {
    const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
    return { root: document.documentElement.nodeName, title: document.querySelector('text')!.textContent };
  }, text);
  assert.deepEqual(parsed, { root: 'svg', title: 'A <title> & more' });
});

onPage('a picture and a table name the model, unless the reader has switched it off', { view: { title: 'T' } }, async (view) => {
  const source = 'synthetic · float32 · logit lens';
  assert.ok((await saved(view, 'SVG of this view')).content.toString('utf8').includes(source));
  assert.ok((await saved(view, 'Grid as TSV file')).content.toString('utf8').split('\n')[1]!.endsWith(`\t${source}`));
  await open(view, 'View');
  await view.page.getByLabel('Source in exports').uncheck();
  assert.equal((await view.state()).source, 'unnamed');
  for (const item of ['SVG of this view', 'Grid as TSV file']) assert.ok(!(await saved(view, item)).content.toString('utf8').includes(source), item);
});

onPage('what is in sight is saved as a PNG', {}, async (view) => {
  const { name, content } = await saved(view, 'PNG of this view');
  assert.equal(name, 'lens.png');
  assert.equal(content.subarray(1, 4).toString('latin1'), 'PNG');
  assert.ok(content.readUInt32BE(16) >= 900, 'pixels across');
});

onPage('the grid is saved as a table, with columns that were not in sight', { lens: { tokens: MANY, delay: 1 } }, async (view) => {
  const { content } = await saved(view, 'Grid as TSV file');
  assert.equal(content.toString('utf8').trim().split('\n').length, 1 + 300 * 12);
});

onPage('a picture that would be too large is refused with what to do', { lens: { layers: 80, tokens: Array(1000).fill(' w') } }, async (view) => {
  await view.page.locator('summary', { hasText: 'Save' }).click();
  await view.page.getByRole('button', { name: 'SVG of all tokens' }).click();
  await view.page.getByText(/80000 cells do not fit in a picture \(at most 50000\); show fewer layers, or save this view/).waitFor();
});

onPage('a menu closes by Escape and when the focus leaves', {}, async (view) => {
  const menu = view.page.locator('details').filter({ has: view.page.getByText('Save', { exact: true }) });
  await menu.locator('summary').click();
  await view.page.keyboard.press('Escape');
  assert.equal(await menu.getAttribute('open'), null);
  await menu.locator('summary').click();
  await view.grid.focus();
  assert.equal(await menu.getAttribute('open'), null);
});

onPage('keys that are typed into a field do nothing else', {}, async (view) => {
  await view.page.getByLabel('Title').focus();
  await view.page.keyboard.type('what?');
  assert.ok(await view.page.getByRole('dialog').isHidden());
});

onPage('the button with the question mark lists the shortcuts', {}, async (view) => {
  await view.page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  const dialog = view.page.getByRole('dialog');
  assert.ok(await dialog.isVisible());
  await dialog.getByRole('button', { name: 'Close' }).click();
  assert.ok(await dialog.isHidden());
});
