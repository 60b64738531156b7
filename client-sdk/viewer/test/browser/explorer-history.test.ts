import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browsers.js';
import { eventually } from '../support/eventually.js';
import { Explorer, ExplorerPage } from '../support/explorer.js';
import { drawn } from '../support/frames.js';

const FRANCE = 'The capital of France is';
const ITALY = 'The capital of Italy is';
// Bytes a second: LONG's layers take seconds at it on any machine.
const SLOW = 100_000;
const LONG = 'one two three four five six seven eight '.repeat(55);

let browser: Browser;
let explorer: Explorer;
const folder = mkdtempSync(join(tmpdir(), 'stratalens-history-'));
const history = join(folder, 'history');

before(async () => {
  explorer = await Explorer.start(history);
  browser = await launchBrowser();
});
beforeEach(() => rmSync(history, { recursive: true, force: true }));
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
  assert.equal(await explorer?.stop(), 0, 'Ctrl-C ends it in order');
});

test('a run of the history comes back with its prompt, its options and its view', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.page.getByText('Options', { exact: true }).click();
  await page.page.getByRole('textbox', { name: 'Layers' }).fill('::3');
  await page.run(FRANCE);
  await page.hear('Done: 4 layers');
  await page.edit();
  await page.page.getByRole('textbox', { name: 'Layers' }).fill('all');
  await page.run(ITALY);
  await page.hear('Done: 10 layers');
  await page.page.getByRole('button', { name: FRANCE }).first().click();
  await page.edit();
  assert.equal(await page.prompt.inputValue(), FRANCE);
  assert.equal(await page.page.getByRole('textbox', { name: 'Layers' }).inputValue(), '::3');
  assert.equal(await page.viewers().getByLabel('Title').inputValue(), FRANCE);
  await page.page.getByRole('button', { name: `Delete: ${ITALY}` }).click();
  await page.shows(page.page.locator('.ex-entry'), 2, 'the first click asks');
  await page.page.getByRole('button', { name: `Delete the file: ${ITALY}` }).click();
  await page.page.locator('.ex-entry', { hasText: ITALY }).waitFor({ state: 'detached' });
  assert.deepEqual(readdirSync(history).filter((name) => name.includes('italy')), []);
  await page.close();
});

test('of two runs of the history, the one that was chosen last is shown, though it is read first', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  for (const prompt of ['First chosen', 'Then chosen']) {
    await page.run(prompt);
    await page.hear('Done');
  }
  await page.page.reload();
  let read = (): void => undefined;
  const held = new Promise<void>((resume) => (read = resume));
  await page.page.route(/first-chosen.*lens\.json$/, async (route) => {
    await held;
    await route.continue();
  });
  const late = page.page.waitForResponse(/first-chosen.*lens\.json$/);
  await page.page.locator('.ex-entry', { hasText: 'First chosen' }).click();
  await page.page.locator('.ex-entry', { hasText: 'Then chosen' }).click();
  await page.hear('Showing Then chosen');
  read();
  await (await late).finished();
  await drawn(page.page);
  await page.hear('Showing Then chosen');
  assert.equal(await page.page.locator('.ex-entry', { hasText: 'Then chosen' }).getAttribute('aria-current'), 'true');
  await page.close();
});

test('a name that is being typed outlives the end of a run', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(FRANCE);
  await page.hear('Done');
  await page.slowLine(SLOW);
  await page.run(LONG);
  await eventually(async () => (await page.viewers().getByLabel('Title').inputValue()).startsWith('one two'));
  await page.page.getByRole('button', { name: `Name and note: ${FRANCE}` }).first().click();
  const name = page.page.getByLabel('Name', { exact: true });
  await name.fill('Half a na');
  await page.hear(/^Done.* 10 layers/);
  assert.equal(await name.inputValue(), 'Half a na');
  assert.equal(await name.evaluate((field) => field === document.activeElement), true);
  await page.page.keyboard.type('me');
  await page.page.keyboard.press('Enter');
  await page.page.locator('.ex-entry', { hasText: 'Half a name' }).waitFor();
  await page.close();
});

test('the history outlives a reload: it is files, with names, notes and a search', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  for (const prompt of [FRANCE, ITALY]) {
    await page.run(prompt);
    await page.page.locator('.ex-entry', { hasText: prompt }).waitFor();
  }
  assert.equal(readdirSync(history).filter((name) => name.endsWith('.json')).length, 2);
  await page.page.getByText(`Files in ${history}`).waitFor();
  await page.page.getByRole('button', { name: `Name and note: ${FRANCE}` }).click();
  await page.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Paris, first try');
  await page.page.getByRole('textbox', { name: 'Note' }).fill('late layers');
  await page.page.getByRole('button', { name: 'Keep' }).click();
  await page.page.locator('.ex-entry-prompt', { hasText: 'Paris, first try' }).waitFor();
  await page.page.reload();
  const entry = page.page.locator('.ex-entry', { hasText: 'Paris, first try' });
  await entry.getByText('late layers').waitFor();
  const box = page.page.getByRole('searchbox', { name: 'Search the history' });
  await box.fill('italy');
  await page.shows(page.page.locator('.ex-entry'), 1);
  await box.fill('LATE paris');
  await page.shows(page.page.locator('.ex-entry'), 1);
  await box.fill('berlin');
  await page.page.getByText('No run has these words.').waitFor();
  await box.fill('');
  await entry.click();
  await page.viewers().locator('[aria-rowindex]', { hasText: '·Paris' }).first().waitFor();
  await page.edit();
  assert.equal(await page.prompt.inputValue(), FRANCE);
  await page.page.getByRole('button', { name: `Compare with the shown result: ${ITALY}` }).click();
  await page.viewers().locator('.sl-parting').getByText('the two part at').waitFor();
  assert.deepEqual(await page.violations(), []);
  await page.close();
});

test('any two runs stand side by side under one toolbar, with what differs', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  for (const prompt of [FRANCE, ITALY]) {
    await page.run(prompt);
    await page.page.locator('.ex-entry', { hasText: prompt }).waitFor();
  }
  await page.page.getByRole('button', { name: `Compare with the shown result: ${FRANCE}` }).click();
  await page.shows(page.viewers().getByRole('grid'), 3);
  await page.viewers().locator('.sl-parting').getByText('the two part at').waitFor();
  await page.viewers().getByRole('combobox', { name: 'Color' }).selectOption('entropy');
  for (const name of ['A', 'B', 'Difference']) await page.viewers().getByRole('region', { name, exact: true }).locator('.sl-legend', { hasText: 'entropy' }).waitFor();
  assert.deepEqual(await page.violations(), []);
  await page.page.getByRole('button', { name: 'Close the comparison' }).click();
  await page.shows(page.viewers().getByRole('grid'), 1);
  await page.close();
});
