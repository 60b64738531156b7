import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browsers.js';
import { Explorer, ExplorerPage } from '../support/explorer.js';
import { pagesOf } from '../support/pdf.js';
import { ReportPage } from '../support/report-page.js';
import { Reports } from '../support/reports.js';

const FRANCE = 'The capital of France is';
const ITALY = 'The capital of Italy is';

let browser: Browser;
let reports: Reports;
const history = mkdtempSync(join(tmpdir(), 'stratalens-firefox-'));

before(async () => {
  reports = new Reports({ 'one.html': { results: ['capital.json'] }, 'dark.html': { results: ['capital.json'], theme: 'dark' }, 'others.html': { results: ['capital.json', 'exact.json'] }, 'two.html': { results: ['capital.json', 'capital.json'] } });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  reports?.delete();
  rmSync(history, { recursive: true, force: true });
});

test('a report opens from disk and says its answer; pointer, keys and search move one selection', async () => {
  assert.match(browser.version(), /^\d+\./);
  const report = await ReportPage.open(browser, reports.path('one.html'));
  await report.viewer().locator('.sl-answer').getByText(/^After ·is the model says ·Paris/).waitFor();
  await report.cell(4, 3).hover();
  await report.page.getByRole('tooltip').getByText(/^layer \d, after 1 The/).waitFor();
  await report.cell(4, 3).click();
  await report.page.getByRole('heading', { name: /^Layer \d, position 1 The/ }).waitFor();
  await report.page.keyboard.press('ArrowRight');
  await report.page.keyboard.press('Enter');
  await report.page.getByRole('heading', { name: /^Layer \d, position 2 ·capital/ }).waitFor();
  await report.page.keyboard.press('/');
  await report.page.keyboard.type('Paris');
  await report.viewer().locator('.sl-find output').getByText(/\d+ cells/).waitFor();
  await report.page.keyboard.press('Enter');
  await report.viewer().locator('.sl-find output').getByText(/^\d+ of \d+ cells/).waitFor();
  await report.viewer().getByRole('combobox', { name: 'Color', exact: true }).selectOption('rank');
  await report.viewer().locator('.sl-legend').getByText(/Rank/).first().waitFor();
  await report.close();
});

test('the address keeps what was chosen', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  await report.cell(5, 4).click();
  await report.page.keyboard.press('t');
  await report.page.waitForFunction(() => location.hash.includes('down=tokens'));
  await report.page.reload();
  await report.page.getByRole('grid', { name: 'Tokens by layers' }).waitFor();
  assert.equal(await report.page.locator('.sl-selected').count(), 1);
  await report.close();
});

test('it prints whole, and the same the first time as later', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  await report.cell(12, 7).waitFor();
  const [first, second] = [pagesOf(await report.page.pdf()), pagesOf(await report.page.pdf())];
  assert.deepEqual(first, second);
  const words = first.flat();
  for (const word of ['·France', 'emb', '0', '9', '·Paris', 'self-check']) assert.ok(words.includes(word), word);
  await report.close();
});

test('axe finds nothing serious', async () => {
  for (const [name, width] of [['one.html', 1280], ['dark.html', 1280], ['one.html', 390], ['others.html', 1920]] as const) {
    const report = await ReportPage.open(browser, reports.path(name), { viewport: { width, height: 900 } });
    await report.cell(3, 6).click();
    assert.deepEqual(await report.violations(), [], `${name} at ${width}`);
    await report.close();
  }
});

test('two results have a third map and move together', async () => {
  const report = await ReportPage.open(browser, reports.path('two.html'), { viewport: { width: 1920, height: 1080 } });
  await report.page.locator('.sl-parting').getByText(/the two stay together/).waitFor();
  await report.cell(4, 3).click();
  for (const place of [0, 1, 2]) assert.equal(await report.cell(4, 3, place).getAttribute('aria-selected'), 'true', `map ${place}`);
  await report.close();
});

test('the explorer runs a prompt, keeps it over a reload, and compares it', async () => {
  const explorer = await Explorer.start(history);
  try {
    const page = await ExplorerPage.open(browser, explorer);
    for (const prompt of [FRANCE, ITALY]) {
      await page.run(prompt);
      await page.page.locator('.ex-entry', { hasText: prompt }).waitFor();
    }
    await page.viewers().locator('[aria-rowindex]', { hasText: '·Rome' }).first().waitFor();
    await page.page.reload();
    await page.page.locator('.ex-entry', { hasText: FRANCE }).click();
    await page.viewers().locator('[aria-rowindex]', { hasText: '·Paris' }).first().waitFor();
    assert.deepEqual(await page.violations(), []);
    await page.page.getByRole('button', { name: `Compare with the shown result: ${ITALY}` }).click();
    await page.viewers().locator('.sl-parting').getByText('the two part at').waitFor();
    await page.shows(page.viewers().getByRole('grid'), 3);
    await page.close();
  } finally {
    assert.equal(await explorer.stop(), 0);
  }
});
