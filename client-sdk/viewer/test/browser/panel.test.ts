import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Outcome } from '../../src/lens/lens.js';
import type { Marks } from '../../src/state/signal.js';
import type { ViewState } from '../../src/state/view-state.js';
import { onPages } from '../support/on-page.js';
import type { SyntheticView } from '../support/synthetic-browser.js';

const SELECTED: Partial<ViewState> = { selected: { layer: 2, position: 0 } };

const onPage = onPages({ view: SELECTED }, 'test/support/chart-page.ts');

const panel = (view: SyntheticView) => view.page.getByRole('region', { name: 'Selected cell' });
const tokens = (view: SyntheticView) => panel(view).getByRole('group', { name: 'Predictions' }).getByRole('button');
const box = (view: SyntheticView) => view.page.getByPlaceholder('Find a token');
const said = (view: SyntheticView) => view.page.locator('.sl-find output').textContent();
const marked = (view: SyntheticView) =>
  view.page.evaluate(() => [...(globalThis as unknown as { store: { marks: { value: Marks } } }).store.marks.value.values()].reduce((sum, { size }) => sum + size, 0));

onPage('a cell shows its predictions, statistics and targets', {}, async (view) => {
  await panel(view).getByRole('heading', { name: 'Layer 2, position 0 ·Paris' }).waitFor();
  assert.deepEqual(await tokens(view).allTextContents(), ['·London', '·Paris', '·the']);
  const row = panel(view).getByRole('row', { name: /London/ }).first();
  assert.match(await row.innerText(), /1\s+ĠLondon\s+60\.0 %/);
  assert.match(await panel(view).locator('dl').innerText(), /Entropy\s+2\.00 nats[^]*KL from next\s+2\.00 nats/);
  assert.match(await panel(view).getByRole('group', { name: 'Targets' }).getByRole('row').nth(1).innerText(), /final best token\s+·Paris\s+2\s/);
});

onPage('who wrote a target is told by the largest shares, with bars of their sizes', {}, async (view) => {
  await view.inPage(({ lens, store }) => {
    const none = [null, null];
    const outcome: Outcome = {
      selfCheck: { maxLogitDifference: 0, top1Agrees: true, positions: [0] }, timings: undefined, omittedTrajectories: 0, reservedBytes: 0,
      attribution: {
        parts: [
          { site: 'embedding', shares: [0.5, ...none] },
          { block: 0, site: 'attention_output', shares: [4, ...none] },
          { block: 0, site: 'feed_forward_output', shares: [-2, ...none] },
        ],
        heads: [{ block: 0, count: 2, shares: [1, 3, ...none, ...none] }],
        biases: [0.25, ...none],
        logits: [2.75, ...none],
      },
    };
    Object.assign(lens, { outcome });
    store.update({ selected: { layer: 3, position: 0 } });
  });
  const rows = panel(view).locator('table', { hasText: 'Written by' }).locator('tbody tr');
  assert.deepEqual(
    await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent).join('|'))),
    ['attention of block 0||4.00', 'feed-forward of block 0||−2.00', 'embedding||0.50', 'biases||0.25', 'head 1 of block 0||3.00', 'head 0 of block 0||1.00'],
  );
  assert.equal(await panel(view).locator('th', { hasText: 'written by' }).innerText(), 'final best token, written by', 'each target has a table');
  const widths = await rows.locator('.sl-part').evaluateAll((bars) => bars.map((bar) => (bar as HTMLElement).style.width));
  assert.deepEqual(widths, ['100%', '50%', '12.5%', '6.25%', '75%', '25%']);
  await view.inPage(({ store }) => store.update({ selected: { layer: 3, position: 1 } }));
  await panel(view).getByRole('heading', { name: /position 1/ }).waitFor();
  assert.equal(await rows.count(), 0);
});

onPage('a click or Enter pins a token and lets it go, c colors the map by it', {}, async (view) => {
  await tokens(view).nth(1).click();
  assert.deepEqual((await view.state()).pins, [{ ids: [0], color: 0 }]);
  await view.page.keyboard.press('ArrowUp');
  await view.page.keyboard.press('Enter');
  assert.deepEqual((await view.state()).pins.map(({ ids }) => ids), [[0], [1]]);
  assert.equal(await tokens(view).nth(0).getAttribute('aria-pressed'), 'true');
  await view.page.keyboard.press('Enter');
  assert.deepEqual((await view.state()).pins.map(({ ids }) => ids), [[0]]);
  await view.page.keyboard.press('c');
  const { color, colorToken } = await view.state();
  assert.deepEqual([color, colorToken], ['token', 1]);
});

onPage('buttons lead to the cells around, and keep the focus', {}, async (view) => {
  await panel(view).getByRole('button', { name: 'Next layer' }).focus();
  await view.page.keyboard.press('Enter');
  await view.page.keyboard.press('Enter');
  assert.deepEqual((await view.state()).selected, { layer: 4, position: 0 });
  assert.ok(await panel(view).getByRole('button', { name: 'Previous position' }).isDisabled());
  await panel(view).getByRole('button', { name: 'Next position' }).click();
  assert.deepEqual((await view.state()).selected, { layer: 4, position: 1 });
});

onPage('the followed tokens are filtered and pinned', {}, async (view) => {
  await panel(view).getByRole('heading', { name: 'Tracked tokens: 3' }).waitFor();
  await panel(view).getByText('Tracked tokens: 3').click();
  await view.page.getByLabel('Filter the tracked tokens').fill('lon');
  await panel(view).getByRole('heading', { name: 'Tracked tokens: 1 of 3' }).waitFor();
  await panel(view).locator('[data-key="followed 1"]').click();
  assert.deepEqual((await view.state()).pins.map(({ ids }) => ids), [[1]]);
});

onPage('a cell is copied', {}, async (view) => {
  await panel(view).getByRole('button', { name: 'Copy' }).click();
  await panel(view).getByText('Copied 3 predictions').waitFor();
  assert.equal((await view.clipboard()).trimEnd().split('\n').length, 4);
});

onPage('hostile texts are shown, cut and harmless', { view: { selected: { layer: 4, position: 2 } } }, async (view) => {
  const texts = await tokens(view).allTextContents();
  assert.ok(texts.some((text) => text.startsWith('\\u202e')), String(texts));
  await view.inPage(({ store }) => store.update({ selected: { layer: 3, position: 2 }, pins: [{ ids: [4], color: 0 }, { ids: [5, 6], color: 1 }] }));
  assert.ok((await tokens(view).allTextContents()).includes('</script><script>x=1</script>'));
  assert.equal(await view.page.evaluate(() => 'x' in globalThis), false);
});

onPage('a search counts and marks what it finds; Enter walks through it, Escape ends it', {}, async (view) => {
  await view.page.keyboard.press('/');
  await view.page.keyboard.type('·the');
  await view.page.locator('.sl-find output', { hasText: /cells/ }).waitFor();
  const count = await marked(view);
  assert.ok(count > 2);
  assert.match((await said(view))!, new RegExp(`\\b${count} cells$`));
  await view.inPage(({ store }) => store.update({ selected: { layer: 5, position: 2 } }));
  await view.page.keyboard.press('Enter');
  assert.deepEqual((await view.state()).selected, { layer: -1, position: 0 }, 'round the end');
  assert.match((await said(view))!, /^1 of /);
  await view.page.keyboard.press('Shift+Enter');
  assert.match((await said(view))!, new RegExp(`^${count} of ${count} `));
  await view.page.keyboard.press('Escape');
  assert.equal(await marked(view), 0);
  assert.equal(await said(view), '');
});

onPage('a search can be of whole tokens, of ids, of the best only, with its case', {}, async (view) => {
  const hits = async (query: string) => {
    await box(view).fill('');
    await box(view).fill(query);
    await view.page.waitForTimeout(250);
    return marked(view);
  };
  const best = view.page.getByRole('button', { name: 'Best only' });
  await box(view).focus();
  await best.click();
  assert.equal(await hits('id:0'), 3);
  assert.equal(await hits('paris'), 3);
  assert.equal(await hits('"paris"'), 0);
  await view.page.getByRole('button', { name: 'Match case' }).click();
  assert.equal(await hits('paris'), 0);
  assert.equal(await hits('Paris'), 3);
  await best.click();
  await view.page.waitForTimeout(100);
  assert.ok((await marked(view)) > 3);
  await view.page.getByRole('heading', { name: 'Test' }).click();
  const before = (await view.state()).selected;
  await view.page.keyboard.press('n');
  assert.notDeepEqual((await view.state()).selected, before);
  const after = (await view.state()).selected;
  await view.page.keyboard.press('n');
  await view.page.keyboard.press('N');
  assert.deepEqual((await view.state()).selected, after);
});

onPage('jumps lead to the turning points of the selected position, by button and by key', {}, async (view) => {
  const jump = async (name: string, layer: number) => {
    await view.page.locator('summary', { hasText: 'Jump' }).click();
    await view.page.getByRole('button', { name }).click();
    await view.page.locator('.sl-find output', { hasText: `${name}: ` }).waitFor();
    assert.deepEqual((await view.state()).selected, { layer, position: 0 }, name);
  };
  await jump('Largest change', 3);
  await jump('Rank ≤ 10', 0);
  await jump('First appearance', 3);
  await view.inPage(({ store }) => store.update({ selected: { layer: 0, position: 0 } }));
  await view.page.getByRole('heading', { name: 'Test' }).click();
  await view.page.keyboard.press('x');
  await view.page.locator('.sl-find output', { hasText: 'Crystallization: layer 3' }).waitFor();
  await view.inPage(({ store }) => store.update({ rankThreshold: 3 }));
  await view.page.locator('summary', { hasText: 'Jump' }).click();
  await view.page.getByRole('button', { name: 'Rank ≤ 3' }).waitFor();
});

onPage('a layer that has not arrived is said, and shown when it comes', {}, async (view) => {
  await view.page.evaluate('lens.grow(2)');
  await panel(view).getByText('has not arrived yet').waitFor();
  await view.page.evaluate('lens.grow(7)');
  await tokens(view).first().waitFor();
});

onPage('a view is saved to a file and opened from it; a file that is none is refused', {}, async (view) => {
  await view.inPage(({ store }) => store.update({ stride: 2, pins: [{ ids: [1, 2], color: 3 }], chartQuantity: 'rank' }));
  const saved = await view.state();
  const download = view.page.waitForEvent('download');
  await view.page.locator('summary', { hasText: 'View' }).click();
  await view.page.getByRole('button', { name: 'Save this view as JSON' }).click();
  const json = await readFile(await (await download).path());
  await view.inPage(({ store }) => store.update({ stride: 1, pins: [], chartQuantity: 'entropy' }));
  const open = (content: Buffer) => view.page.getByLabel('A saved view').setInputFiles({ name: 'view.json', mimeType: 'application/json', buffer: content });
  await open(json);
  await view.page.getByText('View opened').waitFor();
  assert.deepEqual(await view.state(), saved);
  await open(Buffer.from('{"layers": []}'));
  await view.page.getByText('Not opened: This JSON is not a saved view').waitFor();
  assert.deepEqual(await view.state(), saved);
});

onPage('the address keeps the view: a reload brings it back, and a damaged one is survived', {}, async (view) => {
  await view.page.evaluate('history.replaceState(null, "", location.pathname); keepInAddress([{ store, first }])');
  await view.inPage(({ store }) => store.update({ color: 'rank', positions: [1, 2], pins: [{ ids: [3], color: 0 }] }));
  await view.page.waitForFunction(() => location.hash.includes('pins=3:0'));
  assert.match(await view.page.evaluate(() => location.hash), /^#color=rank&cell=2,0&pos=1,2&pins=3:0$/);
  await view.page.evaluate(() => (location.hash = '#color=entropy&pos=zwei'));
  await view.page.waitForFunction(() => (globalThis as unknown as { store: { state: ViewState } }).store.state.color === 'entropy');
  assert.deepEqual((await view.state()).positions, []);
});

for (const theme of ['light', 'dark'] as const) {
  onPage(`nothing is hard to reach for anybody, ${theme}`, { view: { ...SELECTED, theme, pins: [{ ids: [0], color: 0 }, { ids: [1, 2], color: 1 }], positions: [0, 1] } }, async (view) => {
    await view.page.addScriptTag({ content: await readFile('node_modules/axe-core/axe.min.js', 'utf8') });
    const found = await view.page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
    });
    assert.deepEqual(found, []);
  });
}
