// Takes the screenshots of the docs, of a page, of the explorer and of a change there: `node test/screenshots.mjs VIEWER.png EXPLORER.png
// CHANGE.png`. Needs what the tests in Chromium need. docs/regenerate.py runs it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const stratalens = join(dirname(fileURLToPath(import.meta.url)), '../../../stratalens');
const [viewer, explorer, change] = process.argv.slice(2).map((path) => resolve(path));
const folder = mkdtempSync(join(tmpdir(), 'lens-'));
const executablePath = process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome'], { encoding: 'utf8' }).trim();
// Chromium's sandbox refuses to start for root.
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  await showPage();
  await showExplorer();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function showPage() {
  const file = join(folder, 'lens.html');
  execFileSync(stratalens, ['analyze', 'The capital of France is', '--output', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
  await page.goto(pathToFileURL(file).href);
  // Layer 6 at the last token, counted as ARIA does: from 1, with the labels and the head.
  await page.getByRole('grid').first().locator('[aria-rowindex="8"] [aria-colindex="7"]').click();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: viewer });
}

async function showExplorer() {
  const process = spawn(stratalens, ['explore', '--no-open', '--no-history'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 720 } });
    await page.goto(await address(process));
    for (const [runs, prompt] of ['The capital of Italy is', 'The opposite of hot is', 'The capital of France is'].entries()) {
      const folded = page.locator('.ex-edit');
      if (await folded.isVisible()) await folded.click();
      await page.getByLabel('Prompt', { exact: true }).fill(prompt);
      await page.keyboard.press('Control+Enter');
      await page.locator('.ex-history li').nth(runs).waitFor();
      await page.locator('.ex-status [role=status]', { hasText: 'Done' }).waitFor({ state: 'attached' });
    }
    await page.evaluate(() => document.activeElement?.blur());
    await page.screenshot({ path: explorer });
    await showChange(page);
  } finally {
    const ended = once(process, 'exit');
    process.kill('SIGINT');
    await ended;
  }
}

async function showChange(page) {
  await page.setViewportSize({ width: 1560, height: 1120 });
  await page.getByRole('button', { name: 'Change the pass' }).click();
  await page.getByLabel('Prompt to take the row from').fill('The capital of Italy is');
  await page.keyboard.press('Enter');
  // Layer 2 at the country in both, counted as ARIA does.
  for (const map of ['Row to take', 'Row to change']) await page.getByRole('region', { name: map }).locator('[aria-rowindex="4"] [aria-colindex="6"]').click();
  await page.locator('.ex-change-said', { hasText: 'Layer 2 of ·Italy replaces layer 2 of ·France' }).waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: change });
}

async function address(process) {
  for await (const line of createInterface(process.stdout)) {
    const found = /http:\S+/.exec(line);
    if (found) return found[0];
  }
  throw new Error('stratalens explore ended without an address');
}
