import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SyntheticBrowser, type Opened, type SyntheticView } from './synthetic-browser.js';

/** Declares a test on a page of its own, which must end without an error on the console. */
export type OnPage = (does: string, opened: Opened, body: (view: SyntheticView) => Promise<void>) => void;

/** A browser for the tests of a file, and how they are declared; `usual` is how a page opens unless a test says otherwise. */
export function onPages(usual: Opened = {}, page?: string): OnPage {
  let browser: SyntheticBrowser;
  before(async () => {
    browser = await SyntheticBrowser.start(page);
  });
  after(() => browser.close());
  return (does, opened, body) => {
    test(does, async () => {
      const view = await browser.open({ ...usual, ...opened });
      await body(view);
      assert.deepEqual(view.errors, []);
      await view.page.context().close();
    });
  };
}
