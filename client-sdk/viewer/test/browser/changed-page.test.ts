import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browsers.js';
import { eventually } from '../support/eventually.js';
import { Explorer, ExplorerPage } from '../support/explorer.js';
import { mapCell, reachedCells } from '../support/map-cells.js';
import { ReportPage } from '../support/report-page.js';

const FRANCE = 'The capital of France is';
const ITALY = 'The capital of Italy is';
const CONE = ['......', '......', '....x.', ...Array<string>(7).fill('....xx')];

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'stratalens-changed-'));

before(async () => {
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function hasCone(file: string): Promise<void> {
  const report = await ReportPage.open(browser, file);
  const difference = report.page.getByRole('region', { name: 'Difference' });
  await difference.getByText('outlined: within reach of the change').waitFor();
  await eventually(async () => isDeepStrictEqual(await reachedCells(difference), CONE));
  assert.match((await mapCell(difference, 2, 4).getAttribute('class'))!, /sl-edge-top.*sl-edge-left/);
  const titles = [0, 1].map((place) => report.side(place).getByLabel('Title').inputValue());
  assert.deepEqual(await Promise.all(titles), [`${FRANCE} · unchanged`, `${FRANCE} · changed`]);
  await report.close();
}

test('the page of patch outlines the cells that the change can reach', async () => {
  const file = join(folder, 'patched.html');
  execFileSync(resolve('../../stratalens'), ['patch', FRANCE, '--from', ITALY, '--at-layers', '2', '--at-positions', '4', '--output', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  await hasCone(file);
});

test('a change of the explorer is saved as such a page', async (t) => {
  const explorer = await Explorer.start(join(folder, 'history'));
  t.after(() => explorer.stop());
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(FRANCE);
  await page.hear('Done');
  await page.page.getByRole('button', { name: 'Change the pass' }).click();
  await page.page.getByLabel('Prompt to take the row from').fill(ITALY);
  await page.page.keyboard.press('Enter');
  for (const map of ['Row to take', 'Row to change']) await mapCell(page.page.getByRole('region', { name: map }), 2, 4).click();
  await page.page.locator('.ex-change-said', { hasText: 'Layer 2 of ·Italy replaces layer 2 of ·France' }).waitFor();
  const [saved] = await Promise.all([page.page.waitForEvent('download'), page.page.getByRole('button', { name: 'Save as HTML' }).click()]);
  const file = join(folder, 'saved.html');
  await saved.saveAs(file);
  await page.close();
  await hasCone(file);
});
