import assert from 'node:assert/strict';
import type { Lens } from '../../src/lens/lens.js';
import { visibleText } from '../../src/lens/visible-text.js';
import { onPages } from '../support/on-page.js';

const MANY = Array.from({ length: 300 }, (_, i) => ` w${i}`);
const onPage = onPages();

onPage('a click selects a cell', {}, async (view) => {
  await view.cell(4, 3).click();
  assert.deepEqual((await view.state()).selected, { layer: 2, position: 1 });
  assert.equal(await view.cell(4, 3).getAttribute('aria-selected'), 'true');
});

onPage('a tap selects a cell and shows no tooltip', { width: 390, height: 800, touch: true }, async (view) => {
  await view.cell(4, 3).tap();
  assert.deepEqual((await view.state()).selected, { layer: 2, position: 1 });
  assert.ok(await view.page.getByRole('tooltip').isHidden());
});

onPage('with tokens down a tap on a token compares its position, and one on a cell selects it', { width: 390, height: 800, touch: true, view: { down: 'tokens' } }, async (view) => {
  await view.cell(3, 1).tap();
  assert.deepEqual((await view.state()).positions, [1]);
  await view.cell(4, 3).tap();
  assert.deepEqual((await view.state()).selected, { layer: 1, position: 2 });
});

onPage('what is read inside blocks is in thin rows that a menu folds', { lens: { layers: 2, readPoints: [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1] } }, async (view) => {
  const heights = () => view.page.locator('[role="rowheader"]').evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().height));
  const [embedding = 0, attention = 0] = await heights();
  assert.deepEqual(await heights(), [embedding, ...[1, 2].flatMap(() => [attention, attention, attention, embedding])]);
  assert.ok(attention < embedding / 2, `${attention} of ${embedding}`);
  await view.cell(3, 2).click();
  assert.deepEqual((await view.state()).selected, { layer: -0.75, position: 0 });
  await view.cell(4, 3).hover();
  assert.match(await view.page.getByRole('tooltip').innerText(), /^stream inside block 0, after 1 /);
  await view.page.keyboard.press('ArrowDown');
  await view.page.keyboard.press('Enter');
  assert.deepEqual((await view.state()).selected, { layer: -0.5, position: 0 });
  await view.page.locator('summary').getByText('Layers', { exact: true }).click();
  await view.page.getByLabel('Inside blocks').uncheck();
  assert.deepEqual(await heights(), [embedding, embedding, embedding]);
});

onPage('a click on a token compares its position, another one ends that', {}, async (view) => {
  await view.cell(1, 3).click();
  await view.cell(1, 5).click();
  assert.deepEqual((await view.state()).positions, [1, 3]);
  await view.cell(1, 3).click();
  assert.deepEqual((await view.state()).positions, [3]);
  assert.equal(await view.cell(1, 5).getAttribute('aria-selected'), 'true');
});

onPage('hovering tells others the cell and shows its numbers', {}, async (view) => {
  await view.cell(5, 2).hover();
  assert.deepEqual(await view.hover(), { layer: 3, position: 0 });
  const tooltip = view.page.getByRole('tooltip');
  assert.match(await tooltip.innerText(), /^layer 3, after 0 The\s+Probability of the best token\s+[\d.]+ %\s/);
  const best = await view.page.evaluate(() => (globalThis as unknown as { lens: Lens }).lens.prediction(3, 0, 4).token.text);
  assert.deepEqual([await tooltip.locator('bdi').count(), await tooltip.locator('bdi').last().textContent()], [1 + 5, visibleText(best)]);
  assert.equal(await tooltip.locator('.sl-part').count(), 5);
  const [box, cell] = [(await tooltip.boundingBox())!, (await view.cell(5, 2).boundingBox())!];
  assert.ok(box.x >= cell.x + cell.width, 'the column stays in view');
  await view.page.mouse.move(5, 5);
  assert.equal(await view.hover(), undefined);
  assert.ok(await tooltip.isHidden());
});

onPage('the edge of a head drags all columns, its own staying under the pointer', { lens: { tokens: MANY } }, async (view) => {
  await view.scroll({ left: 400 });
  const head = view.cell(1, 10);
  const box = (await head.boundingBox())!;
  const y = box.y + box.height / 2;
  await view.page.mouse.move(box.x + box.width - 2, y);
  await view.page.mouse.down();
  await view.page.mouse.move(box.x + box.width + 28, y, { steps: 4 });
  await view.page.mouse.up();
  const state = await view.state();
  assert.equal(state.columnWidth, 106);
  assert.deepEqual(state.positions, []);
  await view.settled();
  const dragged = (await head.boundingBox())!;
  assert.ok(Math.abs(dragged.x - box.x) <= 1);
  await view.page.mouse.dblclick(dragged.x + dragged.width - 2, y);
  assert.equal((await view.state()).columnWidth, undefined);
});

onPage('the edge of a label drags all rows, a double click resets them', {}, async (view) => {
  const box = (await view.cell(3, 1).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 2];
  await view.page.mouse.move(x, y);
  await view.page.mouse.down();
  await view.page.mouse.move(x, y + 12, { steps: 3 });
  await view.page.mouse.up();
  assert.equal((await view.state()).rowHeight, 38);
  assert.equal((await view.state()).layerWindow, undefined);
  await view.settled();
  const larger = (await view.cell(3, 1).boundingBox())!;
  await view.page.mouse.dblclick(x, larger.y + larger.height - 2);
  assert.equal((await view.state()).rowHeight, undefined);
});

onPage('a drag over labels shows only their layers, a double click all again', {}, async (view) => {
  const [from, to] = [(await view.cell(4, 1).boundingBox())!, (await view.cell(8, 1).boundingBox())!];
  await view.page.mouse.move(from.x + 20, from.y + 10);
  await view.page.mouse.down();
  await view.page.mouse.move(to.x + 20, to.y + 10, { steps: 5 });
  await view.page.mouse.up();
  assert.deepEqual((await view.state()).layerWindow, [2, 6]);
  assert.equal(await view.grid.getAttribute('aria-rowcount'), '6');
  assert.equal(await view.cell(2, 1).textContent(), '2');
  const label = (await view.cell(3, 1).boundingBox())!;
  assert.equal(label.y, from.y - 26);
  await view.page.mouse.dblclick(label.x + 20, label.y + 10);
  assert.equal((await view.state()).layerWindow, undefined);
});

onPage('the overview goes where it is clicked and dragged', { lens: { tokens: MANY, delay: 1 } }, async (view) => {
  const strip = (await view.page.locator('.sl-overview').boundingBox())!;
  await view.page.mouse.click(strip.x + strip.width / 2, strip.y + 10);
  await view.cell(1, 150).waitFor();
  await view.page.mouse.down();
  await view.page.mouse.move(strip.x + strip.width - 1, strip.y + 10, { steps: 5 });
  await view.page.mouse.up();
  await view.cell(1, 301).waitFor();
  await view.page.waitForFunction(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.sl-overview canvas')!;
    return canvas.getContext('2d')!.getImageData(canvas.width - 1, 0, 1, 1).data[3] === 255;
  });
});

for (const [side, down, part] of [['left', 'tokens', 'top'], ['top', 'layers', 'left']] as const) {
  onPage(`with ${down} down, the strip and the wheel go through all tokens`, { lens: { tokens: MANY }, view: { down } }, async (view) => {
    assert.equal(await view.grid.getAttribute('aria-label'), down === 'tokens' ? 'Tokens by layers' : 'Layers by tokens');
    const strip = (await view.page.locator('.sl-overview').boundingBox())!;
    await view.page.mouse.click(strip.x + strip.width / 2, strip.y + 10);
    await view.page.getByRole(down === 'tokens' ? 'rowheader' : 'columnheader', { name: 'position 150: ' }).waitFor();
    assert.deepEqual(await view.grid.evaluate((grid) => [grid.scrollLeft > 0, grid.scrollTop > 0]), [part === 'left', part === 'top'], side);
  });
}

onPage('with tokens down a click on a token compares its position, and a drag over layers shows only those', { view: { down: 'tokens' } }, async (view) => {
  await view.cell(3, 1).click();
  assert.deepEqual((await view.state()).positions, [1]);
  assert.equal(await view.cell(3, 1).getAttribute('aria-selected'), 'true');
  await view.cell(4, 3).click();
  assert.deepEqual((await view.state()).selected, { layer: 1, position: 2 });
  const [from, to] = [(await view.cell(1, 4).boundingBox())!, (await view.cell(1, 8).boundingBox())!];
  await view.page.mouse.move(from.x + 20, from.y + 10);
  await view.page.mouse.down();
  // Along the heads, though the hand strays into the cells.
  await view.page.mouse.move(to.x + 20, to.y + 60, { steps: 5 });
  await view.page.mouse.up();
  assert.deepEqual((await view.state()).layerWindow, [2, 6]);
  assert.equal(await view.grid.getAttribute('aria-colcount'), '6');
  const head = (await view.cell(1, 3).boundingBox())!;
  await view.page.mouse.dblclick(head.x + 20, head.y + 10);
  assert.equal((await view.state()).layerWindow, undefined);
});

onPage('a prompt that is wholly in sight has no overview', {}, async (view) => {
  assert.ok(await view.page.locator('.sl-overview').isHidden());
});

onPage('columns are loaded when they come into sight, and are shown as loading until then', { lens: { tokens: MANY, delay: 3000 } }, async (view) => {
  assert.match((await view.cell(3, 2).getAttribute('class'))!, /sl-loading/);
  assert.equal(await view.cell(3, 2).getAttribute('aria-label'), 'loading');
  await view.page.waitForFunction(() => document.querySelector('.sl-ready'));
  assert.notEqual(await view.cell(3, 2).textContent(), '');
});

onPage('damaged columns say so, the others are shown', { lens: { tokens: MANY, damagedFrom: 64 } }, async (view) => {
  await view.page.waitForFunction(() => document.querySelector('.sl-ready'));
  await view.scroll({ left: 1e6 });
  await view.page.waitForFunction(() => document.querySelector('.sl-failed'));
  await view.page.getByText(/Some columns cannot be read: .*damaged/).waitFor();
});

onPage('rows fill as layers come in', { lens: { layers: 6, ready: 2 } }, async (view) => {
  assert.match((await view.cell(4, 2).getAttribute('class'))!, /sl-pending/);
  await view.inPage(({ lens }) => lens.grow());
  await view.page.waitForFunction(() => document.querySelector('[aria-rowindex="4"] [aria-colindex="2"]')!.classList.contains('sl-ready'));
});

onPage('only what is in sight has elements, whatever the prompt', { lens: { layers: 80, tokens: Array(4000).fill(' w') } }, async (view) => {
  const sizes = await view.grid.evaluate(async (grid) => {
    const blanks: string[] = [];
    for (let step = 0; step < 60; step++) {
      grid.scrollTo(((step * 7919 * 76) % 300_000) + step, (step * 131) % 1500);
      await new Promise(requestAnimationFrame);
      // Nothing that is in sight may be without its cell: the corners and the middle of the visible cells.
      const box = grid.getBoundingClientRect();
      for (const [x, y] of [[60, 46], [400, 200], [box.width - 30, 46], [60, box.height - 30], [box.width - 30, box.height - 30]] as const) {
        const found = document.elementFromPoint(box.left + x, box.top + y);
        if (!found?.classList.contains('sl-cell') || found.textContent === '') blanks.push(`${step}: ${x}, ${y}`);
      }
    }
    return { blanks, cells: grid.querySelectorAll('.sl-cell').length };
  });
  assert.deepEqual(sizes.blanks, []);
  assert.ok(sizes.cells < 600, `${sizes.cells} cells`);
});

onPage('hostile texts are texts', { lens: { tokens: ['</script><img src=x onerror=alert(1)>', '\u202Eevil', 'x'.repeat(10_000), '\u0000\u200b', '👩‍👩‍👧'] } }, async (view) => {
  assert.equal(await view.page.locator('.sl-viewer img').count(), 0);
  assert.equal(await view.cell(1, 2).locator('.sl-token').textContent(), '</script><img·src=x·onerror=alert(1)>');
  assert.equal(await view.cell(1, 3).locator('.sl-token').textContent(), '\\u202eevil');
  assert.ok((await view.cell(1, 4).textContent())!.length < 60);
  await view.cell(3, 4).hover();
  assert.ok(await view.page.getByRole('tooltip').isVisible());
});

onPage('a search’s marks are drawn', {}, async (view) => {
  await view.inPage(({ store }) => store.marks.set(new Map([[1, new Set([2])]])));
  assert.match((await view.cell(4, 3).getAttribute('class'))!, /sl-marked/);
});

onPage('a cell whose layer is left out brings its column into sight', { lens: { tokens: MANY }, view: { stride: 4 } }, async (view) => {
  await view.inPage(({ store }) => store.update({ selected: { layer: 6, position: 250 } }));
  assert.ok(await view.cell(3, 252).isVisible());
  assert.equal(await view.page.locator('.sl-selected').count(), 0);
});

onPage('a cell that another part selects comes into sight', { lens: { tokens: MANY } }, async (view) => {
  await view.inPage(({ store }) => store.update({ selected: { layer: 5, position: 250 } }));
  assert.ok(await view.cell(7, 252).isVisible());
});

onPage('colored by rank, cells show their ranks', { view: { color: 'rank' } }, async (view) => {
  const rank = await view.page.evaluate(() => (globalThis as unknown as { lens: Lens }).lens.targetRank(0, 2, 1));
  assert.equal((await view.cell(4, 3).textContent())!.replace(/\D/g, ''), String(rank));
});

onPage('a token from right to left has its marks on its side, and heads say what they cut', { lens: { tokens: ['a', ' عربي', 'x'.repeat(60)] } }, async (view) => {
  assert.equal(await view.cell(1, 3).locator('.sl-token').evaluate((token) => getComputedStyle(token).direction), 'rtl');
  assert.match((await view.cell(1, 4).getAttribute('title'))!, /^Position 2: x{60}\nid 2, in the vocabulary x{60}$/);
});
