import assert from 'node:assert/strict';
import type { ViewState } from '../../src/state/view-state.js';
import { onPages } from '../support/on-page.js';
import type { SyntheticView } from '../support/synthetic-browser.js';

const THREE: Partial<ViewState> = {
  selected: { layer: 2, position: 0 },
  positions: [0, 1],
  pins: [{ ids: [0], color: 0 }, { ids: [1], color: 1 }, { ids: [2], color: 2 }],
};

const onPage = onPages({ view: THREE }, 'test/support/chart-page.ts');

const ids = async (view: SyntheticView) => (await view.state()).pins.map((pin) => pin.ids);
const plot = (view: SyntheticView) => view.page.getByRole('application');
const picks = (view: SyntheticView) => view.page.locator('.sl-pick');
const said = (view: SyntheticView) => view.page.locator('.sl-chart [aria-live]').textContent();

onPage('one pin dragged on another sums them, and the drag is no pick', {}, async (view) => {
  const from = (await picks(view).nth(2).boundingBox())!;
  const to = (await picks(view).nth(0).boundingBox())!;
  await view.page.mouse.move(from.x + 40, from.y + 8);
  await view.page.mouse.down();
  await view.page.mouse.move(from.x + 40, from.y, { steps: 3 });
  await view.page.mouse.move(to.x + 40, to.y + 8, { steps: 4 });
  assert.equal(await view.page.locator('.sl-drop').count(), 1);
  await view.page.mouse.up();
  assert.deepEqual(await ids(view), [[0, 2], [1]]);
  assert.equal(await view.page.locator('.sl-pick[aria-pressed=true]').count(), 0);
  await view.page.getByRole('button', { name: /separate curves/ }).click();
  assert.deepEqual(await ids(view), [[0], [1], [2]]);
});

onPage('Escape ends a drag without a drop', {}, async (view) => {
  const from = (await picks(view).nth(2).boundingBox())!;
  const to = (await picks(view).nth(0).boundingBox())!;
  await view.page.mouse.move(from.x + 40, from.y + 8);
  await view.page.mouse.down();
  await view.page.mouse.move(to.x + 40, to.y + 8, { steps: 4 });
  await view.page.keyboard.press('Escape');
  await view.page.mouse.up();
  assert.equal((await ids(view)).length, 3);
  assert.equal(await view.page.locator('.sl-drop, .sl-dragged').count(), 0);
});

onPage('pins are picked, summed, split and let go by keys, and the focus stays in the legend', {}, async (view) => {
  const { keyboard } = view.page;
  await picks(view).nth(0).focus();
  await keyboard.press('Space');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await keyboard.press('g');
  assert.deepEqual(await ids(view), [[0, 1], [2]]);
  await keyboard.press('u');
  assert.deepEqual(await ids(view), [[0], [2], [1]]);
  await keyboard.press('Delete');
  await keyboard.press('Delete');
  assert.deepEqual(await ids(view), [[1]]);
  assert.ok(await picks(view).nth(0).evaluate((pick) => pick === document.activeElement));
});

onPage('two picked pins offer a button that sums them', {}, async (view) => {
  await picks(view).nth(1).click();
  assert.ok(await view.page.getByRole('button', { name: /^Sum the picked/ }).isHidden());
  await picks(view).nth(2).click();
  await view.page.getByRole('button', { name: /^Sum the picked/ }).click();
  assert.deepEqual(await ids(view), [[0], [1, 2]]);
});

onPage('arrow keys read the curves point by point, Enter selects the cell', {}, async (view) => {
  const { keyboard } = view.page;
  await plot(view).focus();
  await keyboard.press('ArrowRight');
  assert.match((await said(view))!, /^layer 3, ·Paris at position 0 ·Paris: 70\.0 %$/);
  await keyboard.press('ArrowDown');
  assert.match((await said(view))!, /^layer 3, ·Paris at position 1 ·London: /);
  await keyboard.press('Home');
  assert.match((await said(view))!, /^embedding, /);
  await keyboard.press('End');
  await keyboard.press('Enter');
  assert.deepEqual((await view.state()).selected, { layer: 5, position: 1 });
  assert.deepEqual(await view.hover(), { layer: 5, position: 1 });
  await keyboard.press('Escape');
  assert.equal(await view.hover(), undefined);
  assert.equal(await view.page.locator('.sl-cross circle').count(), 0);
});

onPage('the cross-hair reads every curve where the pointer is, and a click selects the cell', {}, async (view) => {
  const box = (await plot(view).boundingBox())!;
  await view.page.mouse.move(box.x + box.width - 15, box.y + 80);
  assert.equal(await view.page.locator('.sl-curves-layer').textContent(), 'layer 5');
  const read = await view.page.locator('.sl-curves tbody tr').first().locator('.sl-value').allTextContents();
  assert.deepEqual(read, ['90.0 %', '2.92 %']);
  await view.page.mouse.down();
  await view.page.mouse.up();
  assert.equal((await view.state()).selected?.layer, 5);
  await view.page.mouse.move(5, 5);
  assert.equal(await view.hover(), undefined);
});

onPage('what is not known is a gap that the legend names, not 0', {}, async (view) => {
  await view.inPage(({ store }) => store.update({ pins: [{ ids: [6], color: 0 }], positions: [0] }));
  assert.equal(await view.page.locator('.sl-curves small').textContent(), 'not recorded');
  assert.deepEqual(await view.page.locator('.sl-curves .sl-value').allTextContents(), ['–']);
  assert.equal(await view.page.locator('.sl-plot path[stroke="var(--sl-pin-0)"]').getAttribute('d'), '');
});

onPage('a cell that is hovered elsewhere shows its trajectory and value', {}, async (view) => {
  const curves = () => view.page.locator('.sl-plot g[opacity]').count();
  assert.equal(await curves(), 0);
  await view.inPage(({ store }) => store.hover.set({ layer: 0, position: 1 }));
  assert.equal(await curves(), 1);
  assert.match((await view.page.locator('.sl-curves-layer').textContent())!, /^layer 0: ·a 40\.0 %$/);
  await view.inPage(({ store }) => store.hover.set(undefined));
  assert.equal(await curves(), 0);
});

onPage('curves grow as layers arrive', {}, async (view) => {
  const path = view.page.locator('.sl-plot path[stroke="var(--sl-pin-0)"]:not([stroke-dasharray])');
  const points = async () => (await path.getAttribute('d'))!.match(/[ML]/g)!.length;
  assert.equal(await points(), 7);
  await view.page.evaluate('lens.grow(3)');
  await view.page.waitForFunction(() => document.querySelector('.sl-curves-layer')!.textContent === 'layer 1');
  assert.equal(await points(), 3);
  assert.ok(await view.page.getByText('crystallizes').isHidden(), 'not known yet');
  await view.page.evaluate('lens.grow(7)');
  await view.page.waitForFunction(() => document.querySelector('.sl-curves-layer')!.textContent === 'layer 2');
  assert.equal(await points(), 7);
  assert.ok(await view.page.getByText('crystallizes').isVisible());
});

onPage('the lower edge changes the height by pointer and by keys', { view: { ...THREE, chartHeight: 260 } }, async (view) => {
  const edge = view.page.getByRole('separator');
  const box = (await edge.boundingBox())!;
  await view.page.mouse.move(box.x + 50, box.y + 4);
  await view.page.mouse.down();
  await view.page.mouse.move(box.x + 50, box.y + 64, { steps: 4 });
  await view.page.mouse.up();
  assert.equal((await view.state()).chartHeight, 320);
  await view.page.keyboard.press('ArrowUp');
  assert.equal((await view.state()).chartHeight, 300);
  assert.equal(await edge.getAttribute('aria-valuenow'), '300');
  assert.equal((await plot(view).boundingBox())!.height, 300);
});

onPage('every quantity can be chosen and begins on its customary axis', {}, async (view) => {
  const quantity = view.page.getByRole('combobox', { name: 'Chart', exact: true });
  const axis = view.page.getByRole('combobox', { name: 'Axis' });
  assert.deepEqual(await quantity.locator('option').allTextContents(), [
    'Probability', 'Log-probability', 'Rank', 'Entropy', 'KL from final', 'KL from next',
  ]);
  await quantity.selectOption('Rank');
  assert.equal(await axis.inputValue(), 'log');
  assert.equal(await view.page.locator('.sl-curves tbody tr').first().locator('bdi').textContent(), 'final best token');
  await quantity.selectOption('KL from next');
  assert.equal(await axis.inputValue(), 'linear');
  await axis.selectOption('logarithmic');
  assert.equal((await view.state()).chartAxis, 'log');
  await view.page.getByRole('heading', { name: 'Test' }).click();
  await view.page.keyboard.press('y');
  assert.equal((await view.state()).chartQuantity, 'probability');
});

onPage('a compared position is let go in the legend', {}, async (view) => {
  await view.page.getByRole('button', { name: 'Stop comparing position 1' }).click();
  assert.deepEqual((await view.state()).positions, [0]);
});

onPage('the curves are a table, too', {}, async (view) => {
  const table = view.page.getByRole('table', { name: /^Probability over layers, 6 curves at 2 positions/ });
  assert.equal(await table.getByRole('row').count(), 8);
  assert.equal(await table.getByRole('row').nth(7).getByRole('cell').first().textContent(), '90.0 %');
});

onPage('curves are copied as a table and saved as a picture whose text is text', {}, async (view) => {
  const chosen = async (name: string) => {
    await view.page.locator('summary', { hasText: 'Export' }).click();
    await view.page.getByRole('button', { name }).click();
  };
  await chosen('Copy curves as TSV');
  await view.page.getByText('Curves copied').waitFor();
  const lines = (await view.clipboard()).trimEnd().split('\n');
  assert.deepEqual([lines.length, lines[0]!.split('\t')[1], lines[7]!.split('\t')[1]], [8, '·Paris at 0', '0.9']);
  for (const [name, head] of [['Save chart as SVG', '<svg'], ['Save chart as PNG', '\x89PNG']] as const) {
    const download = view.page.waitForEvent('download');
    await chosen(name);
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks).toString('latin1');
    assert.equal(content.slice(0, head.length), head);
    if (head === '<svg') assert.ok(!content.includes('var(') && content.includes('crystallizes') && content.includes('#0362ab'));
  }
});

onPage('on a phone nothing is wider than the screen', { width: 390, height: 800, touch: true, view: { ...THREE, pins: [{ ids: [0], color: 0 }, { ids: [4, 5], color: 1 }] } }, async (view) => {
  assert.equal(await view.page.evaluate(() => document.documentElement.scrollWidth), 390);
});
