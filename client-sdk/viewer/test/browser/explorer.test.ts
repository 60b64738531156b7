import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
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
const folder = mkdtempSync(join(tmpdir(), 'stratalens-explorer-'));
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

test('tokens show while a prompt is typed, and its layers when it runs', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.prompt.pressSequentially(FRANCE);
  await page.page.locator('.ex-tokens li', { hasText: '·France' }).waitFor();
  assert.match(await page.page.locator('.ex-tokens p').innerText(), /^6 tokens of up to 512/);
  await page.page.keyboard.press('Control+Enter');
  await page.hear('Done: 10 layers, 6 positions');
  await page.viewers().locator('[aria-rowindex]', { hasText: '·Paris' }).first().waitFor();
  await page.viewers().getByText(/Tracked tokens: [1-9]/).waitFor();
  assert.equal(await page.page.title(), `${FRANCE} · Stratalens`);
  await page.close();
});

test('the options tell where the blocks are, and what memory is free', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.page.getByText('Options', { exact: true }).click();
  const devices = page.page.getByRole('group', { name: 'Devices' });
  await devices.getByText(/^demo: 10 blocks on cpu, weights [\d.]+ \w+ on cpu$/).waitFor();
  await devices.getByText(/^cpu: .*, [\d.]+ \w+ of [\d.]+ \w+ free$/).waitFor();
  await page.close();
});

test('rows fill while the run goes on; canceling stops the rest, says so, and keeps what came', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.slowLine(SLOW);
  await page.clickOnce('Cancel', '.ex-stage .sl-cell.sl-ready', 1);
  await page.run(LONG);
  await page.hear('Canceled');
  await page.shows(page.viewers(), 1);
  const [, ready] = /^Canceled\. (\d) of 10 layers had arrived and are kept\.$/.exec(await page.page.locator('.ex-note').innerText())!;
  await page.run(FRANCE);
  await page.hear('Done');
  await page.page.locator('.ex-entry', { hasText: `canceled, ${ready} of 10 layers` }).click();
  await page.viewers().locator('.sl-cell.sl-pending').first().waitFor({ state: 'attached' });
  await page.viewers().locator('.sl-cell.sl-ready').first().waitFor();
  await page.close();
});

test('escape in the editor cancels, too', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.slowLine(SLOW);
  await page.run(LONG);
  await page.hear(/Running|Reading|Waiting/);
  await page.page.keyboard.press('Escape');
  await page.hear('Canceled');
  await page.close();
});

test('what is typed before the models are known stays', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(FRANCE);
  await page.hear('Done');
  let answer = (): void => undefined;
  const held = new Promise<void>((resume) => (answer = resume));
  await page.page.route(/models$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.page.reload();
  await page.prompt.fill(ITALY);
  answer();
  await page.page.locator('.ex-entry', { hasText: FRANCE }).first().waitFor();
  await page.page.getByRole('combobox', { name: 'Model' }).locator('option').first().waitFor({ state: 'attached' });
  await drawn(page.page);
  assert.equal(await page.prompt.inputValue(), ITALY);
  await page.close();
});

test('several lenses are read in one run: side by side at first, then one after the other', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.edit();
  await page.page.getByText('Options', { exact: true }).click();
  await page.page.getByRole('group', { name: 'Lenses' }).getByLabel('raw').check();
  await page.run(FRANCE);
  await page.hear('Done: 10 layers, 6 positions');
  await page.shows(page.viewers().getByRole('grid'), 3, 'two lenses and what differs');
  const selected = await page.viewers().locator('.sl-selected').evaluateAll((cells) => cells.map((cell) => cell.closest('[aria-rowindex]')!.getAttribute('aria-rowindex')));
  assert.deepEqual(selected, ['11', '11', '11'], 'the last layer, in each map');
  await page.page.getByRole('combobox', { name: 'beside' }).selectOption('none');
  await page.shows(page.viewers().getByRole('grid'), 1);
  await page.page.getByRole('combobox', { name: /^Lens/ }).selectOption('raw');
  await page.viewers().getByText('raw lens').first().waitFor();
  assert.deepEqual(await page.violations(), []);
  // A reload reads the run's file, which has both.
  await page.page.reload();
  await page.page.locator('.ex-entry', { hasText: FRANCE }).click();
  await page.shows(page.viewers().getByRole('grid'), 3);
  await page.close();
});

test('a template fans out into a batch, with a table, a map and curves of all answers', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.prompt.fill('The capital of {country} is');
  await page.page.getByLabel('{country}, a value on each line').fill('France\nItaly\nJapan');
  await page.prompt.press('Control+Enter');
  await page.hear('Done: 3 prompts');
  const table = page.page.getByRole('group', { name: 'Answers' });
  assert.deepEqual(await table.locator('tbody td:nth-child(2)').allInnerTexts(), ['·Paris', '·Rome', '·Tokyo']);
  assert.deepEqual((await page.viewers().locator('.sl-head .sl-token').allInnerTexts()), ['France', 'Italy', 'Japan']);
  await page.viewers().locator('.sl-plot path[stroke-dasharray], .sl-plot g > path').nth(2).waitFor({ state: 'attached' });
  await page.shows(page.page.locator('.ex-entry'), 3);
  assert.deepEqual(await page.violations(), []);
  await table.getByRole('button', { name: 'Italy' }).click();
  await page.viewers().getByRole('columnheader', { name: '·Italy' }).waitFor();
  await page.close();
});

test('a click on a prediction continues the prompt, and a click on a token follows it', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(FRANCE);
  await page.page.getByRole('group', { name: 'Continue the prompt' }).getByRole('button', { name: '·Paris' }).click();
  await page.page.locator('.ex-entry', { hasText: `${FRANCE} Paris` }).waitFor();
  await page.edit();
  assert.equal(await page.prompt.inputValue(), `${FRANCE} Paris`);
  await page.page.locator('.ex-tokens').getByRole('button', { name: '·France' }).click();
  assert.match(await page.page.getByLabel('Targets, one per line').inputValue(), /^id:\d+$/);
  await page.close();
});

test('a chat has several messages, which the template writes and the history keeps', async () => {
  const model = join(folder, 'chatty');
  cpSync('../../models/demo', model, { recursive: true, filter: (path) => !path.includes('training') });
  const settings = JSON.parse(readFileSync(join(model, 'tokenizer_config.json'), 'utf8'));
  const template = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
  writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify({ ...settings, chat_template: template }));
  const chatty = await Explorer.start(history, '--model', model);
  try {
    const page = await ExplorerPage.open(browser, chatty);
    await page.page.getByLabel('as a chat message').check();
    await page.page.getByLabel('System message').fill('Be brief.');
    const earlier = page.page.getByRole('group', { name: 'Earlier messages' });
    for (const [place, content] of ['The capital of France?', 'Paris', 'Wrong', 'Why?'].entries()) {
      await earlier.getByRole('button', { name: 'Add an earlier message' }).click();
      await earlier.getByRole('textbox', { name: `Message ${place + 1}` }).fill(content);
      await page.shows(earlier.getByRole('listitem'), place + 1);
    }
    assert.deepEqual(await earlier.getByRole('combobox').evaluateAll((all) => all.map((each) => (each as HTMLSelectElement).value)), ['user', 'assistant', 'user', 'assistant']);
    await earlier.getByRole('button', { name: 'Remove message 4' }).click();
    await earlier.getByRole('button', { name: 'Remove message 3' }).click();
    assert.deepEqual(await page.violations(), []);
    await page.run('And of Italy?');
    await page.page.locator('.ex-entry', { hasText: 'chat of 4 messages' }).waitFor();
    const [file] = readdirSync(history).filter((name) => name.endsWith('.json') && JSON.parse(readFileSync(join(history, name), 'utf8')).prompt);
    const { prompt } = JSON.parse(readFileSync(join(history, file!), 'utf8'));
    assert.equal(prompt, 'system: Be brief.\nuser: The capital of France?\nassistant: Paris\nuser: And of Italy?\nassistant:');
    await page.page.reload();
    await page.page.locator('.ex-entry', { hasText: 'And of Italy?' }).click();
    await page.viewers().waitFor();
    await page.edit();
    await earlier.getByRole('textbox', { name: 'Message 2' }).waitFor();
    assert.deepEqual(await earlier.getByRole('textbox').evaluateAll((all) => all.map((each) => (each as HTMLTextAreaElement).value)), ['The capital of France?', 'Paris']);
    await page.close();
  } finally {
    assert.equal(await chatty.stop(), 0);
  }
});

test('a run is saved as a page that works offline, and as JSON', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(FRANCE);
  await page.hear('Done');
  const save = async (name: string): Promise<string> => {
    await page.page.locator('summary', { hasText: 'Files' }).click();
    const [saved] = await Promise.all([page.page.waitForEvent('download'), page.page.getByRole('button', { name }).click()]);
    const file = join(folder, saved.suggestedFilename());
    await saved.saveAs(file);
    return file;
  };
  assert.equal(JSON.parse(readFileSync(await save('JSON, lossless'), 'utf8')).prompt, FRANCE);
  const file = await save('HTML, works offline');
  assert.ok(file.endsWith('the-capital-of-france-is.html'), file);
  const offline = await (await browser.newContext({ offline: true })).newPage();
  await offline.goto(pathToFileURL(file).href);
  await offline.locator('[aria-rowindex]', { hasText: '·Paris' }).first().waitFor();
  await offline.context().close();
  await page.close();
});

test('a mistake is told with its field and its remedy, and the next run works', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.page.getByText('Options', { exact: true }).click();
  await page.page.getByRole('textbox', { name: 'Layers' }).fill('99');
  await page.run(FRANCE);
  await page.page.getByRole('alert').filter({ hasText: 'Layers: 99 is out of range; allowed: -10 to 9' }).waitFor();
  await page.page.getByRole('textbox', { name: 'Layers' }).fill('all');
  await page.run(FRANCE);
  await page.hear('Done');
  assert.equal(await page.page.getByRole('alert').isVisible(), false);
  await page.close();
});

test('a reload begins with what ran last', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(ITALY);
  await page.hear('Done');
  await page.page.reload();
  await page.page.locator('.ex-tokens li', { hasText: '·Italy' }).waitFor();
  assert.equal(await page.prompt.inputValue(), ITALY);
  await page.close();
});

test('an empty page offers examples; a click runs one', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.page.getByRole('region', { name: 'Examples' }).getByRole('button', { name: FRANCE }).click();
  await page.hear('Done');
  assert.equal(await page.viewers().getByLabel('Title').inputValue(), FRANCE);
  assert.equal(await page.page.getByRole('region', { name: 'Examples' }).isHidden(), true);
  await page.close();
});

test('? lists the keys wherever the focus is, and begins with their title', async () => {
  const page = await ExplorerPage.open(browser, explorer, { viewport: { width: 900, height: 400 } });
  await page.run(FRANCE);
  await page.hear('Done');
  await page.page.locator('.ex-edit').focus();
  await page.page.keyboard.press('?');
  const dialog = page.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const title = (await dialog.getByRole('heading', { level: 2 }).boundingBox())!;
  assert.ok(title.y >= (await dialog.boundingBox())!.y, 'the title is in view');
  await page.close();
});

test('two tabs run at once', async () => {
  const [one, two] = [await ExplorerPage.open(browser, explorer), await ExplorerPage.open(browser, explorer)];
  await Promise.all([one.run(FRANCE), two.run(ITALY)]);
  await Promise.all([one.hear('Done'), two.hear('Done')]);
  assert.equal(await one.viewers().getByLabel('Title').inputValue(), FRANCE);
  assert.equal(await two.viewers().getByLabel('Title').inputValue(), ITALY);
  await one.close();
  await two.close();
});

test('texts that mean something to HTML are shown as they are', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  const hostile = '</script><img src=x onerror=alert(1)> \u202eabc "\'&';
  await page.run(hostile);
  await page.hear('Done');
  await page.shows(page.page.locator('.sl-explorer img'), 0);
  await page.page.locator('.ex-entry-prompt', { hasText: '<img src=x' }).waitFor();
  await page.close();
});

test('at 390 px the heading is not covered', async () => {
  const page = await ExplorerPage.open(browser, explorer, { viewport: { width: 390, height: 844 } });
  await page.run(FRANCE);
  await page.hear('Done');
  const [title, above] = [(await page.viewers().locator('.sl-heading').boundingBox())!, (await page.page.locator('.ex-above').boundingBox())!];
  assert.ok(above.y + above.height <= title.y || above.x >= title.x + title.width - 2, JSON.stringify({ title, above }));
  await page.close();
});

for (const [name, options] of [['wide', {}], ['narrow and dark', { viewport: { width: 390, height: 800 }, colorScheme: 'dark' }]] as const) {
  test(`the page fits its window and has no serious fault of accessibility: ${name}`, async () => {
    const page = await ExplorerPage.open(browser, explorer, options);
    await page.run(FRANCE);
    await page.hear('Done');
    assert.deepEqual(await page.violations(), []);
    await page.edit();
    await page.page.getByText('Options', { exact: true }).click();
    const overflow = await page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0);
    assert.deepEqual(await page.violations(), []);
    await page.close();
  });
}

test('the prompt is told once, the line that stands for the form has one ring, and a name becomes the title', async () => {
  const page = await ExplorerPage.open(browser, explorer);
  await page.run(FRANCE);
  await page.hear('Done');
  const title = page.viewers().getByLabel('Title');
  assert.equal(await title.isVisible(), false);
  const ringed = () =>
    page.page.locator('.ex-composer').evaluate((form) => [form, ...form.querySelectorAll('*')].filter((each) => getComputedStyle(each).outlineStyle !== 'none').map((each) => each.className));
  assert.deepEqual(await ringed(), ['ex-composer']);
  await page.page.getByRole('button', { name: `Name and note: ${FRANCE}` }).first().click();
  await page.page.getByRole('textbox', { name: 'Name', exact: true }).fill('First try');
  await page.page.keyboard.press('Enter');
  await title.waitFor();
  assert.equal(await title.inputValue(), 'First try');
  await page.edit();
  await page.page.getByText('Options', { exact: true }).click();
  assert.equal(await page.page.getByRole('group', { name: 'Lenses' }).getByLabel('logit').isChecked(), true, 'what reads is checked');
  await page.close();
});

test('the map comes first: after a run the form is one line, and title, layers and curve are in the window', async () => {
  const page = await ExplorerPage.open(browser, explorer, { viewport: { width: 1280, height: 800 } });
  await page.run(FRANCE);
  await page.hear('Done');
  assert.equal(await page.prompt.isVisible(), false);
  const line = page.page.getByRole('button', { name: /^The capital of France is.*logit lens/ });
  assert.ok((await line.boundingBox())!.height < 40);
  const bottom = async (selector: string) => {
    const { y, height } = (await page.viewers().locator(selector).first().boundingBox())!;
    return y + height;
  };
  assert.ok((await page.viewers().getByRole('grid').boundingBox())!.y < 260);
  for (const part of ['.sl-grid', '.sl-plot']) await eventually(async () => (await bottom(part)) <= 800);
  await line.click();
  assert.equal(await page.prompt.evaluate((prompt) => prompt === document.activeElement), true);
  await page.close();
});
