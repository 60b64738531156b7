import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../support/browsers.js';
import { eventually } from '../support/eventually.js';
import { Explorer, ExplorerPage } from '../support/explorer.js';
import { mapCell, reachedCells } from '../support/map-cells.js';

const FRANCE = 'The capital of France is';
const ITALY = 'The capital of Italy is';

let browser: Browser;
let explorer: Explorer;
const folder = mkdtempSync(join(tmpdir(), 'stratalens-change-'));

before(async () => {
  explorer = await Explorer.start(join(folder, 'history'));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await explorer?.stop();
  rmSync(folder, { recursive: true });
});

const map = (page: ExplorerPage, name: string): Locator => page.page.getByRole('region', { name, exact: true });
const said = (page: ExplorerPage): Locator => page.page.locator('.ex-change-said');

async function open(options = {}, from = explorer): Promise<ExplorerPage> {
  const page = await ExplorerPage.open(browser, from, options);
  await page.run(FRANCE);
  await page.hear('Done');
  await page.page.getByRole('button', { name: 'Change the pass' }).click();
  return page;
}

async function read(page: ExplorerPage, prompt: string): Promise<void> {
  await page.page.getByLabel('Prompt to take the row from').fill(prompt);
  await page.page.keyboard.press('Enter');
  await map(page, 'Row to take').waitFor();
}

test('a row of another prompt replaces one of this prompt: picked by clicks, shown beside the unchanged pass, with the cone outlined', async () => {
  const page = await open();
  await said(page).filter({ hasText: 'Type another prompt' }).waitFor();
  await read(page, ITALY);
  await said(page).filter({ hasText: 'The change can reach' }).waitFor();
  await mapCell(map(page, 'Row to take'), 2, 4).click();
  await mapCell(map(page, 'Row to change'), 2, 4).click();
  await said(page).filter({ hasText: /^Layer 2 of ·Italy replaces layer 2 of ·France\. At the last token the output moves by [\d.]+ nats \(KL\)\. The change can reach 15 of 60 cells\.$/ }).waitFor();
  const pair = page.page.getByRole('region', { name: 'Two results' });
  const answer = (side: string): Locator => mapCell(pair.getByRole('region', { name: side, exact: true }), 9, 5);
  assert.equal(await answer('A').innerText(), '·Paris');
  assert.equal(await answer('B').innerText(), '·Rome');
  const difference = pair.getByRole('region', { name: 'Difference' });
  await difference.getByText('outlined: within reach of the change').waitFor();
  assert.deepEqual(await reachedCells(difference), ['......', '......', '....x.', ...Array<string>(7).fill('....xx')]);
  // The border runs above and before the cells that can differ, and nowhere else.
  assert.match((await mapCell(difference, 2, 4).getAttribute('class'))!, /sl-edge-top.*sl-edge-left/);
  assert.match((await mapCell(difference, 3, 5).getAttribute('class'))!, /sl-edge-top/);
  assert.doesNotMatch((await mapCell(difference, 5, 5).getAttribute('class'))!, /sl-edge/);
  assert.deepEqual(await page.violations(), []);
  await page.close();
});

test('changed passes are in the history with what was changed, outlive a reload, and open again as they were', async (t) => {
  const own = join(folder, 'kept');
  const fresh = await Explorer.start(own);
  t.after(() => fresh.stop());
  const page = await open({}, fresh);
  const entries = page.page.locator('.ex-entry');
  const changed = entries.filter({ hasText: /replaced by|added to/ });
  await read(page, ITALY);
  for (const name of ['Row to take', 'Row to change']) await mapCell(map(page, name), 2, 4).click();
  await said(page).filter({ hasText: 'The change can reach 15 of 60 cells' }).waitFor();
  await changed.filter({ hasText: 'layer 2 of token 4 replaced by layer 2 of token 4 of “The capital of Italy is”' }).waitFor();
  await page.page.getByRole('combobox', { name: 'Change', exact: true }).selectOption('Steer toward a token');
  const token = page.page.getByLabel('Token', { exact: true });
  // A pass that is replaced while it is put into the folder leaves no file there.
  let keep = (): void => undefined;
  const held = new Promise<void>((resume) => (keep = resume));
  await page.page.route(/runs\/\d+$/, async (route) => {
    if (route.request().method() === 'PUT') await held;
    await route.continue();
  });
  await token.fill(' Rome');
  await changed.filter({ hasText: '“·Rome” added to layer 2 of token' }).waitFor();
  await page.page.getByLabel('at every token').check();
  await changed.filter({ hasText: '“·Rome” added to layer 2 of every token, 1.00 times as long' }).waitFor();
  await changed.filter({ hasText: '“·Rome” added to layer 2 of token' }).waitFor({ state: 'detached' });
  keep();
  // Without the time: that of a file may be the next second.
  const listed = () => entries.evaluateAll((all) => all.map((each) => [...each.querySelectorAll('span')].map(({ textContent }) => textContent)));
  const before = await listed();
  const files = () => readdirSync(own).sort();
  await page.shows(page.page.getByRole('button', { name: /^Forget/ }), 0, 'each has a file');
  await eventually(async () => files().length === 2 * 2 + 2); // two results with what was asked, two changes
  const kept = files();

  await page.page.reload();
  await changed.filter({ hasText: 'replaced by' }).click();
  await said(page).filter({ hasText: /^Layer 2 of ·Italy replaces layer 2 of ·France\. .* The change can reach 15 of 60 cells\.$/ }).waitFor();
  assert.equal(await page.page.getByLabel('Prompt to take the row from').inputValue(), ITALY);
  await mapCell(map(page, 'Row to change'), 3, 4).click();
  await changed.filter({ hasText: 'layer 3 of token 4 replaced by' }).waitFor();
  await mapCell(map(page, 'Row to change'), 2, 4).click();
  await changed.filter({ hasText: 'layer 3 of token 4 replaced by' }).waitFor({ state: 'detached' });
  await changed.filter({ hasText: 'added to' }).click();
  await said(page).filter({ hasText: '“·Rome” added to layer 2 of every token' }).waitFor();
  assert.equal(await token.inputValue(), ' Rome');
  assert.equal(await page.page.getByLabel('at every token').isChecked(), true);
  await eventually(async () => isDeepStrictEqual(files(), kept));
  assert.deepEqual(await listed(), before, 'what is opened again is there already');
  assert.deepEqual(await page.violations(), []);
  await page.close();
});

test('the maps of a change begin at one height, and so do their legends and curves', async () => {
  const page = await open({ viewport: { width: 1560, height: 1120 } });
  await read(page, ITALY);
  await said(page).filter({ hasText: 'The change can reach' }).waitFor();
  const pair = page.page.getByRole('region', { name: 'Two results' });
  for (const [part, count] of [['.sl-legend', 3], ['.sl-grid', 3], ['.sl-chart', 2], ['.sl-panel', 2]] as const) {
    const tops = await pair.locator(part).evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top)));
    assert.equal(tops.length, count, part);
    assert.equal(new Set(tops).size, 1, `${part}: ${tops}`);
  }
  // One of the two lines is seen on any color.
  const edge = pair.getByRole('region', { name: 'Difference' }).locator('.sl-edge-top').first();
  assert.equal((await edge.evaluate((cell) => getComputedStyle(cell).boxShadow)).match(/inset/g)!.length >= 2, true);
  await page.close();
});

test('the slider steers toward a token: the newest strength is what is shown, and the view stays', async () => {
  const page = await open();
  await page.page.getByRole('combobox', { name: 'Change' }).selectOption('Steer toward a token');
  await page.page.getByLabel('Token', { exact: true }).fill(' Rome');
  await mapCell(map(page, 'Row to change'), 6, 5).click();
  const strength = page.page.getByRole('slider', { name: /Strength/ });
  await strength.focus();
  for (let step = 0; step < 8; step++) await page.page.keyboard.press('ArrowRight');
  await said(page).filter({ hasText: /^“·Rome” added to layer 6 of ·is, 3\.00 times as long as the row\. .*“·Rome” goes from \S+( %)? to \d/ }).waitFor();
  assert.equal(await strength.evaluate((slider) => slider === document.activeElement), true, 'the next key moves it again');
  const pair = page.page.getByRole('region', { name: 'Two results' });
  await mapCell(pair.getByRole('region', { name: 'B', exact: true }), 7, 5).click();
  await page.page.getByLabel('at every token').check();
  await said(page).filter({ hasText: 'layer 6 of every token' }).waitFor();
  await pair.getByRole('region', { name: 'B', exact: true }).locator('.sl-selected').waitFor();
  assert.match((await mapCell(pair.getByRole('region', { name: 'B', exact: true }), 7, 5).getAttribute('class'))!, /sl-selected/);
  await page.close();
});

test('what the server refuses is told with the remedy, and the next change works', async () => {
  const page = await open();
  await page.page.getByRole('combobox', { name: 'Change' }).selectOption('Steer toward a token');
  await page.page.getByLabel('Token', { exact: true }).fill('id:99999999');
  await page.page.getByRole('alert').filter({ hasText: '99999999' }).waitFor();
  await page.page.getByLabel('Token', { exact: true }).fill(' Rome');
  await said(page).filter({ hasText: 'The change can reach' }).waitFor();
  await page.shows(page.page.getByRole('alert').filter({ hasText: '99999999' }), 0);
  await page.page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.shows(page.viewers(), 1, 'the result is back');
  await page.close();
});

test('an explorer that is gone is told', async (t) => {
  const short = await Explorer.start(join(folder, 'short'));
  t.after(() => short.stop());
  const page = await ExplorerPage.open(browser, short);
  await page.run(FRANCE);
  await page.hear('Done');
  await page.page.getByRole('button', { name: 'Change the pass' }).click();
  await short.stop();
  await page.page.getByLabel('Prompt to take the row from').fill(ITALY);
  await page.page.keyboard.press('Enter');
  await page.page.getByRole('alert').filter({ hasText: 'The explorer does not answer' }).waitFor();
  await page.page.context().close(); // the browser reports the failed request
});

test('at 390 px, dark, everything fits', async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await read(page, ITALY);
  await said(page).filter({ hasText: 'The change can reach' }).waitFor();
  const overflow = (): Promise<number> => page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await overflow(), 0);
  await page.page.getByRole('combobox', { name: 'Change' }).selectOption('Steer toward a token');
  await said(page).filter({ hasText: 'added to' }).waitFor();
  assert.equal(await overflow(), 0);
  assert.deepEqual(await page.violations(), []);
  await page.close();
});
