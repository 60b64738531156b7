import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { decimal } from '../../src/lens/numbers.js';
import { launchBrowser } from '../support/browsers.js';
import { eventually } from '../support/eventually.js';
import { pagesOf } from '../support/pdf.js';
import { ReportPage } from '../support/report-page.js';
import { Reports } from '../support/reports.js';
import { MADE_UP } from '../support/statistics.js';

const fixture = (name: string): any => JSON.parse(readFileSync(`test/fixtures/${name}`, 'utf8'));
const HOSTILE = ['</script><script>document.title="broken"</script>', '"\'`&<b>', '\u202eright to left', '\u200b\u200d', '👩‍👩‍👧‍👦🇫🇷', 'x'.repeat(10_000)];

const LONG = 100;

let browser: Browser;
let reports: Reports;

before(async () => {
  reports = new Reports({
    'one.html': { results: ['capital.json'] },
    'exact.html': { results: ['exact.json'] },
    'two.html': { results: ['capital.json', 'capital.json'] },
    'others.html': { results: ['capital.json', 'exact.json'] },
    'dark.html': { results: ['capital.json'], theme: 'dark' },
    'light.html': { results: ['capital.json'], theme: 'light' },
    'hostile.html': { results: [hostile()] },
    'made-up.html': { results: [madeUp()] },
    'long.html': { results: [long()] },
    'lenses.html': { results: [lenses()] },
  });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  reports?.delete();
});

/** A result whose every text is one that may break a page. */
function hostile(): object {
  const json = fixture('capital.json');
  json.prompt = HOSTILE.join('');
  json.model.name = HOSTILE[0];
  json.tokens.forEach((token: any, i: number) => (token.text = token.raw = HOSTILE[i % HOSTILE.length]));
  Object.values<any>(json.vocab).forEach((token, i) => (token.text = token.raw = HOSTILE[i % HOSTILE.length]));
  json.targets[2].text = HOSTILE[0];
  return json;
}

/** A result of three lenses; the last one has no map for the first layer. */
function lenses(): object {
  const json = fixture('capital.json');
  const points = json.read_points.map((_: any, i: number) => i);
  const coverage = [points, points, points.slice(1)];
  json.lenses = ['logit', 'raw', 'transport:fitted'];
  json.coverage = coverage.map((read_points) => ({ read_points, decodes_last_block_as_model: true, skipped_positions: 0, warnings: [] }));
  json.readings = coverage.flatMap((own, lens) => own.map((point: number) => ({ ...json.readings[point], lens })));
  json.trajectories = coverage.flatMap((own, lens) =>
    json.trajectories.map((each: any) => ({ ...each, lens, log_probs: each.log_probs.map((row: any) => own.map((point: number) => row[point])) })),
  );
  return json;
}

/** A result with a column that neither the service nor the page has heard of. */
function madeUp(): any {
  const json = fixture('capital.json');
  json.columns.push({ ...MADE_UP });
  json.readings.forEach((reading: any, l: number) => (reading.columns['made-up'] = json.positions.map(() => l / 2)));
  return json;
}

async function download(report: ReportPage, name: string): Promise<any> {
  await report.viewer().locator('summary', { hasText: 'Save' }).click();
  const [saved] = await Promise.all([report.page.waitForEvent('download'), report.viewer().getByRole('button', { name, exact: true }).click()]);
  return JSON.parse(readFileSync(await saved.path(), 'utf8'));
}

test('a report opens from disk without a request and shows the result', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'), { offline: true });
  await report.cell(12, 7).getByText('·Paris').waitFor();
  await report.viewer().locator('.sl-answer').getByText(/^After ·is the model says ·Paris \([\d.]+ %\), its best token from layer \d on\.$/).waitFor();
  assert.equal(await report.page.title(), 'The capital of France is');
  assert.equal(await report.viewer().getByLabel('Title').inputValue(), 'The capital of France is');
  await report.close();
});

test('a column that nobody has heard of is offered and shown as its description says, and saved again', async () => {
  const report = await ReportPage.open(browser, reports.path('made-up.html'));
  await report.viewer().getByRole('combobox', { name: 'Color', exact: true }).selectOption('Made-up lead');
  assert.match(await report.viewer().locator('.sl-legend').innerText(), /Made-up lead, bits\s+0\s+4\s+8/);
  await report.viewer().getByRole('combobox', { name: 'Chart', exact: true }).selectOption('Made-up lead');
  await report.cell(12, 7).hover();
  assert.match(await report.viewer().locator('.sl-tooltip').innerText(), /Made-up lead, bits\s+\d\.\d\d/);
  await report.cell(12, 7).click();
  assert.match(await report.viewer().locator('.sl-panel dl').innerText(), /Made-up lead\s+\d\.\d\d bits/);
  const saved = await download(report, 'Result as JSON');
  assert.deepEqual(saved, JSON.parse(JSON.stringify(madeUp())));
  await report.close();
});

for (const name of ['capital', 'exact']) {
  test(`native JSON of ${name} goes through report, viewer and export without a loss`, async () => {
    const report = await ReportPage.open(browser, reports.path(name === 'capital' ? 'one.html' : 'exact.html'));
    assert.deepEqual(await download(report, 'Result as JSON'), fixture(`${name}.json`));
    await report.close();
  });
}

test('V2 JSON is saved as the SDK writes it', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  const expected = fixture('capital.v2.json');
  assert.deepEqual({ ...(await download(report, 'Result as V2 JSON')), meta: 0 }, { ...expected, meta: 0 });
  await report.close();
});

test('files that are chosen or dropped are shown in place of the result', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  const chooser = report.page.locator('.sl-open input');
  await chooser.setInputFiles('test/fixtures/exact.json');
  await report.viewer().getByRole('columnheader', { name: '·Italy' }).waitFor();
  await chooser.setInputFiles('test/fixtures/capital.v2.json');
  await report.viewer().getByRole('columnheader', { name: '·France' }).waitFor();
  await chooser.setInputFiles([reports.path('exact.html'), 'test/fixtures/capital.json']);
  await report.side(1).getByRole('columnheader', { name: '·France' }).waitFor();
  assert.equal(await report.page.getByRole('grid').count(), 3);
  await drop(report, 'dropped.json', readFileSync('test/fixtures/exact.json', 'utf8'));
  await report.page.locator('.sl-sides').first().waitFor({ state: 'detached' });
  await report.viewer().getByRole('columnheader', { name: '·Italy' }).waitFor();
  assert.equal(await report.page.getByRole('grid').count(), 1);
  await report.close();
});

test('a damaged file is refused with a message, and the page stays as it is', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  const json = fixture('exact.json');
  json.readings.pop();
  await drop(report, 'damaged.json', JSON.stringify(json));
  await report.page.getByRole('alert').getByText('damaged.json cannot be opened: $.readings: expected one for each of the 4 read points of lens 0, found 3.').waitFor();
  await drop(report, 'notes.txt', 'notes');
  await report.page.getByRole('alert').getByText('notes.txt cannot be opened: it is not JSON').waitFor();
  await report.cell(12, 7).getByText('·Paris').waitFor();
  await report.close();
});

async function drop(report: ReportPage, name: string, text: string): Promise<void> {
  const data = await report.page.evaluateHandle(([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text!], name!));
    return transfer;
  }, [name, text]);
  await report.page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

test('a page whose data is damaged says so', async () => {
  const html = reports.text('one.html');
  const broken = reports.write('broken.html', html.replace(/(id="result-0-page-0">)[^<]{40}/, '$1'));
  const report = await ReportPage.open(browser, broken);
  await report.page.getByText('the page 0 of this file is damaged').first().waitFor();
  const headless = reports.write('headless.html', html.replace(/(id="result-0-head">)[^<]*/, '$1'));
  const empty = await ReportPage.open(browser, headless);
  await empty.page.getByRole('alert').getByText('This page cannot show its data: the head of this file is damaged').waitFor();
  await report.close();
  await empty.close();
});

test('the view is kept in the address and comes back with it', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  await report.cell(5, 4).click();
  await report.viewer().getByLabel('Title').fill('A # title');
  await report.viewer().getByLabel('Title').press('Enter');
  await report.page.waitForFunction(() => location.hash.includes('cell=2,2') && location.hash.includes('title='));
  const fragment = new URL(report.page.url()).hash.slice(1);
  await report.close();
  const again = await ReportPage.open(browser, reports.path('one.html'), { fragment });
  assert.equal(await again.cell(5, 4).getAttribute('aria-selected'), 'true');
  assert.equal(await again.viewer().getByLabel('Title').inputValue(), 'A # title');
  await again.close();
});

test('what an address says wrongly is named, and the rest of it holds', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'), { fragment: 'color=very%20loud&cell=3,1' });
  await report.page.getByRole('status').getByText('could not be read and keep their defaults: color').waitFor();
  assert.equal(await report.cell(6, 3).getAttribute('aria-selected'), 'true');
  await report.close();
});

test('each of two results stands under its own prompt', async () => {
  const report = await ReportPage.open(browser, reports.path('others.html'));
  const titles = [0, 1].map((place) => report.side(place).getByLabel('Title').inputValue());
  assert.deepEqual(await Promise.all(titles), ['The capital of France is', 'The capital of Italy is']);
  await report.close();
});

test('two results have one toolbar; their maps and the third of what differs move together', async () => {
  const report = await ReportPage.open(browser, reports.path('two.html'));
  for (const name of ['Color', 'Chart']) assert.equal(await report.page.getByRole('combobox', { name, exact: true }).count(), 1, name);
  assert.equal(await report.page.getByRole('searchbox').first().count(), 1);
  await report.cell(4, 3).click();
  for (const place of [0, 1, 2]) assert.equal(await report.cell(4, 3, place).getAttribute('aria-selected'), 'true', `map ${place}`);
  await report.cell(3, 4, 2).click();
  for (const place of [0, 1]) assert.equal(await report.cell(3, 4, place).getAttribute('aria-selected'), 'true', `from the difference to map ${place}`);
  await report.page.getByRole('combobox', { name: 'Color', exact: true }).selectOption('entropy');
  assert.match(await report.side(1).locator('.sl-legend').innerText(), /^Entropy/);
  assert.match(await report.side(2).locator('.sl-legend').innerText(), /^B − A: entropy/);
  await report.close();
});

test('the page names the layer where two results part, and goes there; a result is nowhere away from itself', async () => {
  const report = await ReportPage.open(browser, reports.path('others.html'));
  const sentence = report.page.locator('.sl-parting');
  await sentence.getByText(/^After ·is the two part at .*farthest apart at .*total variation [01]\.\d\d at least/).waitFor();
  const [where] = await sentence.getByRole('button').allInnerTexts();
  await sentence.getByRole('button').first().click();
  assert.ok((await report.side(3).getByRole('heading').first().innerText()).toLowerCase().startsWith(where!), where);
  await report.close();
  const same = await ReportPage.open(browser, reports.path('two.html'));
  await same.page.locator('.sl-parting').getByText(/the two stay together; their best tokens are the same in every layer.*total variation 0\.0/).waitFor();
  await same.close();
});

test('the distances of the page are those of the command', async () => {
  const files = ['capital.json', 'exact.json'].map((name) => `test/fixtures/${name}`);
  const said = JSON.parse(execFileSync('../../stratalens', ['compare', ...files, '--format', 'json'], { encoding: 'utf8' }));
  const report = await ReportPage.open(browser, reports.path('others.html'));
  await report.cell(2, 2, 2).waitFor();
  await eventually(async () => (await report.side(2).locator('.sl-loading').count()) === 0);
  const heads = await report.side(2).locator('.sl-head .sl-number').allInnerTexts();
  assert.deepEqual(heads.map(Number), said.positions.a);
  const labels = (await report.side(2).locator('.sl-label').allInnerTexts()).map((text) => (text === 'emb' ? -1 : Number(text)));
  assert.deepEqual(labels, said.layers.a);
  for (const [row, distances] of said.total_variation.entries()) {
    for (const [column, distance] of distances.entries()) {
      const label = await report.cell(row + 2, column + 2, 2).getAttribute('aria-label');
      assert.ok(label!.endsWith(`Total variation, at least: ${decimal(distance)}`), `${row}, ${column}: ${label}, not ${distance}`);
    }
  }
  await report.close();
});

test('the charts of two results have equal scales', async () => {
  const report = await ReportPage.open(browser, reports.path('others.html'));
  const scale = async (place: number) => (await report.side(3 + place).locator('.sl-plot text[text-anchor="end"]').allTextContents()).filter((text) => /^[−\d]/.test(text));
  for (const quantity of ['Log-probability', 'Probability']) {
    await report.viewer().getByRole('combobox', { name: 'Chart', exact: true }).selectOption(quantity);
    await report.side(4).locator('.sl-plot').getByText(new RegExp(`^${quantity.toLowerCase()}`)).waitFor();
    assert.deepEqual(await scale(0), await scale(1), quantity);
  }
  await report.close();
});

test('themes are those of the report, else the system', async () => {
  for (const [name, colorScheme, expected] of [['dark.html', 'light', 'dark'], ['light.html', 'dark', 'light'], ['one.html', 'dark', 'dark']] as const) {
    const report = await ReportPage.open(browser, reports.path(name), { colorScheme });
    await report.viewer().waitFor();
    assert.equal(await report.viewer().getAttribute('data-theme'), expected);
    await report.close();
  }
});

test('hostile texts break nothing', async () => {
  for (const width of [1200, 390]) {
    const report = await ReportPage.open(browser, reports.path('hostile.html'), { viewport: { width, height: 900 } });
    await report.cell(12, 7).waitFor();
    assert.match(await report.page.title(), /^<\/script>/);
    for (const [row, column] of [[12, 7], [3, 6], [7, 5]] as const) {
      await report.cell(row, column).click();
      await report.cell(row, column).hover();
    }
    await report.viewer().getByRole('searchbox', { name: /^Find a token/ }).fill('</script>');
    await report.page.waitForTimeout(300);
    assert.equal(await report.page.locator('.sl-viewer script, .sl-viewer b').count(), 0);
    assert.ok(await report.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `no wider than ${width}`);
    await report.close();
  }
});

test('axe finds nothing serious', async () => {
  for (const [name, width] of [['light.html', 1200], ['dark.html', 1200], ['light.html', 390], ['others.html', 1600]] as const) {
    const report = await ReportPage.open(browser, reports.path(name), { viewport: { width, height: 900 } });
    await report.cell(3, 6).click();
    assert.deepEqual(await report.violations(), [], `${name} at ${width}`);
    await report.close();
  }
});

test('a page names its model, its type, the lens, the self-check, its date and the version', async () => {
  const report = await ReportPage.open(browser, reports.path('one.html'));
  const date = new Date().toISOString().slice(0, 4);
  const facts = report.viewer().locator('.sl-facts');
  assert.match(await facts.innerText(), new RegExp(`^demo.* · float32 · logit lens · self-check passed \\(.*\\) · ${date}-\\d\\d-\\d\\d · Stratalens \\d+\\.\\d+`));
  await report.close();
});

for (const down of ['tokens', 'layers'] as const) {
  test(`a page prints whole, and the same the first time as later, with ${down} down`, async () => {
    const report = await ReportPage.open(browser, reports.path('long.html'), { viewport: { width: 800, height: 500 }, fragment: `down=${down}` });
    await report.viewer().waitFor();
    await report.page.waitForFunction(() => document.querySelectorAll('.sl-ready').length > 0);
    const [first, second] = [pagesOf(await report.page.pdf()), pagesOf(await report.page.pdf())];
    assert.deepEqual(first, second);
    const words = first.flat();
    const times = (word: string) => words.filter((each) => each === word).length;
    for (let p = 0; p < LONG; p++) assert.ok(times(`word${p}`) >= 1, `token ${p}`);
    assert.ok(times('·Paris') >= Math.floor(LONG / 6), 'cells');
    // Each band names its layers: a sheet takes 12 columns, or 48 rows.
    for (let layer = 0; layer < 10; layer++) assert.ok(times(String(layer)) >= Math.ceil(LONG / (down === 'layers' ? 12 : 48)), `layer ${layer} in each band`);
    assert.ok(words.join(' ').includes('self-check passed'), 'its source');
    assert.equal(await report.page.locator('.sl-paper-map svg').count(), 0, 'and leaves nothing');
    await report.close();
  });
}

test('two results print with what differs', async () => {
  const report = await ReportPage.open(browser, reports.path('others.html'));
  await report.cell(2, 2, 2).waitFor();
  await report.page.locator('.sl-parting').getByRole('button').first().waitFor();
  const words = pagesOf(await report.page.pdf()).flat().join('');
  for (const part of ['·France', '·Italy', 'B−A', 'thetwopartat']) assert.ok(words.includes(part), part);
  assert.equal(words.split('self-checkpassed').length, 3, 'the source of both');
  assert.equal(words.match(/Stratalens\d/g)!.length, 2, 'whole');
  await report.close();
});

test('two results turn together, and the address keeps it', async () => {
  const report = await ReportPage.open(browser, reports.path('two.html'));
  await report.cell(2, 2, 2).waitFor();
  await report.page.keyboard.press('t');
  const names = () => report.page.getByRole('grid').evaluateAll((grids) => grids.map((grid) => grid.ariaLabel));
  assert.deepEqual(await names(), Array(3).fill('Tokens by layers'));
  await report.page.waitForFunction(() => location.hash.includes('down=tokens'));
  await report.page.reload();
  await report.side(2).getByRole('rowheader', { name: /·France/ }).waitFor();
  assert.deepEqual(await names(), Array(3).fill('Tokens by layers'));
  await report.close();
});

/** The same result again and again, as a prompt of many tokens. */
function long(): any {
  const json = fixture('capital.json');
  const times = <T>(list: T[]): T[] => Array.from({ length: LONG }, (_, p) => list[p % list.length]!);
  json.tokens = Array.from({ length: LONG }, (_, p) => ({ id: json.tokens[0].id, raw: `word${p}`, text: `word${p}` }));
  delete json.prompt;
  json.positions = json.tokens.map((_: unknown, p: number) => p);
  json.targets.forEach((target: any) => (target.ids = times(target.ids)));
  for (const key of ['ids', 'log_probs']) json.final_top[key] = times(json.final_top[key]);
  for (const reading of json.readings) {
    for (const key of ['ids', 'log_probs', 'ranks', 'target_log_probs']) if (reading[key]) reading[key] = times(reading[key]);
    for (const key of Object.keys(reading.columns)) reading.columns[key] = times(reading.columns[key]);
  }
  const trajectories = json.trajectories;
  if (trajectories) json.trajectories = json.positions.map((position: number) => ({ ...trajectories[position % trajectories.length], position }));
  return json;
}

test('lenses of one run are side by side, and others can be chosen', async () => {
  const report = await ReportPage.open(browser, reports.path('lenses.html'));
  const { page } = report;
  const first = page.getByLabel(/^Lens /);
  const second = page.getByLabel(/^beside /);
  const titles = (...places: number[]) => Promise.all(places.map((place) => report.side(place).getByLabel('Title').inputValue()));
  await first.waitFor();
  assert.deepEqual(await titles(0, 1), ['The capital of France is · logit', 'The capital of France is · raw']);
  await second.selectOption('fitted');
  assert.deepEqual(await titles(0, 1), ['The capital of France is · logit', 'The capital of France is · fitted']);
  await page.getByText('fitted: no map for layer emb.').waitFor();
  await second.selectOption('none');
  await first.selectOption('fitted');
  assert.equal(await page.getByRole('grid').count(), 1);
  assert.equal(await page.getByLabel('Title').inputValue(), 'The capital of France is · fitted');
  await report.close();
});

test('a notebook shows a report in a frame that may only run scripts and save files', async () => {
  const escaped = reports.text('one.html').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const frame = `<iframe sandbox="allow-scripts allow-downloads allow-modals" style="width:1100px;height:800px" srcdoc="${escaped}"></iframe>`;
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(pathToFileURL(reports.write('framed.html', `<!doctype html><meta charset="utf-8">${frame}`)).href);
  const shown = page.frameLocator('iframe');

  await shown.locator('.sl-cell').last().click();
  await shown.locator('summary', { hasText: 'Save' }).click();
  const [saved] = await Promise.all([page.waitForEvent('download'), shown.getByRole('button', { name: 'Result as JSON', exact: true }).click()]);

  assert.equal(JSON.parse(readFileSync((await saved.path())!, 'utf8')).format, 'stratalens/2');
  await page.close();
  assert.deepEqual(troubles, []);
});
