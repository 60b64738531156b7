import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../support/browsers.js';
import { eventually } from '../support/eventually.js';
import { Explorer, ExplorerPage } from '../support/explorer.js';
import { mapCell } from '../support/map-cells.js';

const DAYS = 'Monday, Tuesday,';

let browser: Browser;
let explorer: Explorer;
const folder = mkdtempSync(join(tmpdir(), 'stratalens-writing-'));

before(async () => {
  explorer = await Explorer.start(join(folder, 'history'));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await explorer?.stop();
  rmSync(folder, { recursive: true });
});

const words = (page: ExplorerPage): Locator => page.page.getByRole('list', { name: 'Written text' }).getByRole('button');
const texts = (page: ExplorerPage): Promise<string[]> => words(page).allInnerTexts();

async function generate(page: ExplorerPage, prompt: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.edit();
  await page.prompt.fill(prompt);
  const options = page.page.locator('.ex-editor > details');
  if ((await options.getAttribute('open')) === null) await page.page.getByText('Options', { exact: true }).click();
  for (const [name, value] of Object.entries(fields)) await type(page, name, value);
  await page.page.getByRole('button', { name: 'Generate' }).click();
}

/** Sets a field as typing does: Playwright's way of filling adds to a number in Firefox. */
async function type(page: ExplorerPage, name: string, value: string): Promise<void> {
  const box = page.page.getByLabel(name, { exact: true });
  await box.evaluate((field, text) => {
    (field as HTMLInputElement).value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);
}

test('the page grows to the right while the model writes, and each token tells from which layer it was settled', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, DAYS, { 'Most tokens': '6' });
  await page.hear('Done: 6 tokens written.');
  assert.deepEqual(await texts(page), ['·Wednesday', ',', '·Thursday', ',', '·Friday', ',']);
  const grid = page.viewers().getByRole('grid');
  assert.equal(await grid.getAttribute('aria-colcount'), '12', 'the labels, five tokens of the prompt, six written ones');
  assert.match((await words(page).first().getAttribute('aria-label'))!, /^·Wednesday: position 5, settled from layer \d$/);
  const [early, late] = await words(page).evaluateAll((all) => all.slice(0, 2).map((each) => (each as HTMLElement).style.background));
  assert.notEqual(early, late, 'a color for each layer');
  assert.equal(await words(page).last().getAttribute('aria-current'), 'true', 'the newest token is selected');
  await grid.locator('.sl-selected').waitFor();
  assert.deepEqual(await page.violations(), []);
  await page.close();
});

test('a text goes on from any of its tokens, and branches with another one', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, DAYS, { 'Most tokens': '4' });
  await page.hear('Done: 4 tokens written.');
  await words(page).nth(1).click();
  await page.page.getByRole('group', { name: 'Go on after ,' }).getByRole('button', { name: 'Go on' }).click();
  await page.hear('Done: 6 tokens written.');
  assert.deepEqual((await texts(page)).slice(0, 3), ['·Wednesday', ',', '·Thursday']);
  assert.match((await words(page).first().getAttribute('aria-label'))!, /given, not chosen$/);
  await words(page).first().click();
  await page.page.getByRole('textbox', { name: 'Another token' }).fill(' and');
  await page.page.keyboard.press('Enter');
  await eventually(async () => isDeepStrictEqual((await texts(page)).slice(0, 2), ['·Wednesday', '·and']));
  await page.hear('Done: 6 tokens written');
  // One of the predictions of the selected cell, of whatever layer.
  await words(page).nth(1).click();
  await page.viewers().getByRole('grid').press('Escape');
  const branch = page.page.getByRole('group', { name: /^Go on after/ }).getByRole('button', { name: /%$/ }).first();
  const token = (await branch.locator('bdi').innerText()).trim();
  const before = await words(page).count();
  await branch.click();
  await eventually(async () => (await texts(page))[before] === token);
  await page.close();
});

test('a text goes on from a token of the prompt, which then ends there', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, DAYS, { 'Most tokens': '3' });
  await page.hear('Done: 3 tokens written.');
  await mapCell(page.viewers(), 9, 2).click();
  await page.page.getByRole('group', { name: 'Go on after ,' }).getByRole('button', { name: 'Go on' }).click();
  await page.page.locator('.ex-entry', { hasText: /^Monday,demo/ }).waitFor();
  await page.hear('Done: 3 tokens written.');
  await eventually(async () => (await page.viewers().getByRole('grid').getAttribute('aria-colcount')) === '7');
  assert.equal((await texts(page)).length, 3, 'the labels, three tokens of the prompt, three written ones');
  await page.close();
});

test('a text that the model ended goes on past its end', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, 'The capital of France is', { 'Most tokens': '5' });
  await page.hear('written, the model ended the text.');
  const ended = await texts(page);
  await page.page.getByRole('group', { name: /^Go on after/ }).getByRole('button', { name: 'Go on' }).click();
  await page.hear(`Done: ${ended.length + 5} tokens written.`);
  assert.deepEqual((await texts(page)).slice(0, ended.length), ended);
  await page.close();
});

test('a text that is drawn has its seed, which repeats it', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, DAYS, { 'Most tokens': '5', Temperature: '1.5' });
  await page.hear(/^Done: \d+ tokens? written.*, seed -?\d+\.$/);
  const drawn = await texts(page);
  const [, seed] = /seed (-?\d+)\.$/.exec(await page.page.locator('.ex-note').innerText())!;
  await generate(page, 'The', { Seed: '11' });
  await page.hear(/, seed 11\.$/);
  await generate(page, DAYS, { Seed: seed! });
  await eventually(async () => isDeepStrictEqual(await texts(page), drawn));
  await page.close();
});

test('stopping keeps what was written, and it goes on from there', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.clickOnce('Stop', '[aria-label="Written text"] button', 2);
  // Of most seeds, this one among them, the model does not end the text by chance before.
  await generate(page, DAYS, { 'Most tokens': '500', Temperature: '3', Seed: '1' });
  await page.hear('Stopped');
  const kept = await texts(page);
  assert.ok(kept.length >= 1, 'a token whose layers had not come is dropped');
  await page.edit();
  await type(page, 'Most tokens', '1');
  await page.page.getByRole('group', { name: /^Go on after/ }).getByRole('button', { name: 'Go on' }).click();
  await eventually(async () => isDeepStrictEqual((await texts(page)).slice(0, kept.length), kept));
  await page.hear(`Done: ${kept.length + 1} tokens written`);
  await page.close();
});

test('a text of the history comes back after a reload, with its layers', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, 'One, two, three,', { 'Most tokens': '3' });
  await page.hear('Done: 3 tokens written');
  const labels = await words(page).evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
  await page.page.reload();
  await page.page.locator('.ex-entry', { hasText: 'One, two, three,' }).first().click();
  await words(page).nth(2).waitFor();
  assert.deepEqual(await words(page).evaluateAll((all) => all.map((each) => each.getAttribute('aria-label'))), labels);
  await page.close();
});

test('a mistake of the fields is told, and nothing runs', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await generate(page, DAYS, { Seed: 'x', Temperature: '1' });
  await page.page.getByRole('alert').filter({ hasText: 'Seed: "x" is no whole number of 64 bits' }).waitFor();
  await generate(page, DAYS, { Seed: '', Temperature: '-1' });
  await page.page.getByRole('alert').filter({ hasText: 'temperature -1.0 is not above 0' }).waitFor();
  await type(page, 'Temperature', '0');
  await generate(page, 'Like {what}');
  await page.page.getByRole('alert').filter({ hasText: 'A text is written after one prompt' }).waitFor();
  await page.close();
});

test('at 390 px the text and its buttons fit', async () => {
  const page = await ExplorerPage.open(browser, explorer, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await generate(page, DAYS, { 'Most tokens': '12' });
  await page.hear('Done: 12 tokens written');
  assert.equal(await page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  const [above, first] = [(await page.page.locator('.ex-above').boundingBox())!, (await words(page).first().boundingBox())!];
  assert.ok(above.y + above.height <= first.y, JSON.stringify({ above, first }));
  assert.deepEqual(await page.violations(), []);
  await page.close();
});
