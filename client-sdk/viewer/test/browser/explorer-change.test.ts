import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../support/browsers.js';
import { eventually } from '../support/eventually.js';
import { Explorer, ExplorerPage } from '../support/explorer.js';
import { ReportPage } from '../support/report-page.js';

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

/** A cell of a map, by layer and position. */
const cell = (map: Locator, layer: number, position: number): Locator => map.locator(`[aria-rowindex="${layer + 2}"] [aria-colindex="${position + 2}"]`);
const map = (page: ExplorerPage, name: string): Locator => page.page.getByRole('region', { name, exact: true });
const said = (page: ExplorerPage): Locator => page.page.locator('.ex-change-said');

async function open(options = {}): Promise<ExplorerPage> {
  const page = await ExplorerPage.open(browser, explorer, options);
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

/** The cells of a map, by layer from 0: those whose label says that the change can reach them. */
async function reached(difference: Locator): Promise<string[]> {
  const labels = await difference.locator('.sl-rows .sl-row').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('.sl-cell')].map((each) => (each.getAttribute('aria-label')!.endsWith('within reach of the change') ? 'x' : '.')).join('')));
  return labels;
}

test('a row of another prompt replaces one of this prompt: picked by clicks, shown beside the unchanged pass, with the cone outlined', async () => {
  const page = await open();
  await said(page).filter({ hasText: 'Type another prompt' }).waitFor();
  await read(page, ITALY);
  await said(page).filter({ hasText: 'The change can reach' }).waitFor();
  await cell(map(page, 'Row to take'), 2, 4).click();
  await cell(map(page, 'Row to change'), 2, 4).click();
  await said(page).filter({ hasText: /^Layer 2 of ·Italy replaces layer 2 of ·France\. At the last token the output moves by [\d.]+ nats \(KL\)\. The change can reach 15 of 60 cells\.$/ }).waitFor();
  const pair = page.page.getByRole('region', { name: 'Two results' });
  const answer = (side: string): Locator => cell(pair.getByRole('region', { name: side, exact: true }), 9, 5);
  assert.equal(await answer('A').innerText(), '·Paris');
  assert.equal(await answer('B').innerText(), '·Rome');
  const difference = pair.getByRole('region', { name: 'Difference' });
  await difference.getByText('outlined: within reach of the change').waitFor();
  assert.deepEqual(await reached(difference), ['......', '......', '....x.', ...Array<string>(7).fill('....xx')]);
  // The border runs above and before the cells that can differ, and nowhere else.
  assert.match((await cell(difference, 2, 4).getAttribute('class'))!, /sl-edge-top.*sl-edge-left/);
  assert.match((await cell(difference, 3, 5).getAttribute('class'))!, /sl-edge-top/);
  assert.doesNotMatch((await cell(difference, 5, 5).getAttribute('class'))!, /sl-edge/);
  assert.deepEqual(await page.violations(), []);
  await page.close();
});

test('the slider steers toward a token: the newest strength is what is shown, and the view stays', async () => {
  const page = await open();
  await page.page.getByRole('combobox', { name: 'Change' }).selectOption('Steer toward a token');
  await page.page.getByLabel('Token', { exact: true }).fill(' Rome');
  await cell(map(page, 'Row to change'), 6, 5).click();
  const strength = page.page.getByRole('slider', { name: /Strength/ });
  await strength.focus();
  for (let step = 0; step < 8; step++) await page.page.keyboard.press('ArrowRight');
  await said(page).filter({ hasText: /^“·Rome” added to layer 6 of ·is, 3\.00 times as long as the row\. .*“·Rome” goes from \S+( %)? to \d/ }).waitFor();
  assert.equal(await strength.evaluate((slider) => slider === document.activeElement), true, 'the next key moves it again');
  const pair = page.page.getByRole('region', { name: 'Two results' });
  await cell(pair.getByRole('region', { name: 'B', exact: true }), 7, 5).click();
  await page.page.getByLabel('at every token').check();
  await said(page).filter({ hasText: 'layer 6 of every token' }).waitFor();
  await pair.getByRole('region', { name: 'B', exact: true }).locator('.sl-selected').waitFor();
  assert.match((await cell(pair.getByRole('region', { name: 'B', exact: true }), 7, 5).getAttribute('class'))!, /sl-selected/);
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

test('an explorer that is gone is told', async () => {
  const short = await Explorer.start(join(folder, 'short'));
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

test('a change is saved as a page, which outlines the cone as that of the command does', async () => {
  const page = await open();
  await read(page, ITALY);
  await cell(map(page, 'Row to take'), 2, 4).click();
  await cell(map(page, 'Row to change'), 2, 4).click();
  await said(page).filter({ hasText: 'Layer 2 of ·Italy replaces layer 2 of ·France' }).waitFor();
  const [saved] = await Promise.all([page.page.waitForEvent('download'), page.page.getByRole('button', { name: 'Save as HTML' }).click()]);
  const file = join(folder, 'saved.html');
  await saved.saveAs(file);
  await page.close();
  const written = join(folder, 'patched.html');
  execFileSync(resolve('../../stratalens'), ['patch', FRANCE, '--from', ITALY, '--at-layers', '2', '--at-positions', '4', '--output', written], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const each of [file, written]) {
    const report = await ReportPage.open(browser, each);
    const difference = report.page.getByRole('region', { name: 'Difference' });
    await difference.getByText('outlined: within reach of the change').waitFor();
    await eventually(async () => isDeepStrictEqual(await reached(difference), ['......', '......', '....x.', ...Array<string>(7).fill('....xx')]));
    await report.close();
  }
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
