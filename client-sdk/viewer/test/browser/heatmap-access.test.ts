import axe from 'axe-core';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SyntheticBrowser, type Opened, type SyntheticView } from '../support/synthetic-browser.js';

let browser: SyntheticBrowser;

before(async () => {
  browser = await SyntheticBrowser.start();
});
after(() => browser.close());

const STATES: Record<string, { opened: Opened; then?: (view: SyntheticView) => Promise<void> }> = {
  'in light': { opened: { view: { theme: 'light', title: 'A title' } } },
  'in the dark, by rank': { opened: { view: { theme: 'dark', color: 'rank', target: 1, positions: [1] } } },
  'with tokens down': { opened: { view: { down: 'tokens', positions: [1], selected: { layer: 2, position: 3 } } } },
  'on a phone': { opened: { width: 390, height: 800, touch: true } },
  'with rows and columns that are yet to come': { opened: { lens: { layers: 9, ready: 3, damagedFrom: 2 } } },
  'with a tooltip': { opened: {}, then: (view) => view.cell(4, 3).hover() },
  'with an open menu': { opened: {}, then: (view) => view.page.locator('summary', { hasText: 'Save' }).click() },
  'with the shortcuts': { opened: {}, then: (view) => view.page.getByRole('button', { name: 'Keyboard shortcuts' }).click() },
};

for (const [name, { opened, then }] of Object.entries(STATES)) {
  test(`an automated check finds nothing that keeps a reader out ${name}`, async () => {
    const view = await browser.open(opened);
    await then?.(view);
    await view.page.evaluate(axe.source);
    const { violations } = await view.page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`), []);
    await view.page.context().close();
  });
}
