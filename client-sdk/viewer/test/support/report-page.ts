import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { violations } from './violations.js';
import { drawn } from './frames.js';
import { slow } from './slow.js';

/** A report that is open from disk, and everything that went wrong on its page. */
export class ReportPage {
  readonly #troubles: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.#troubles.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#troubles.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && !request.isNavigationRequest()) this.#troubles.push(`request: ${url}`);
    });
  }

  /** Opens a file, until its page is built or says why not; `fragment` is the address's, without its `#`. */
  static async open(browser: Browser, file: string, options: BrowserContextOptions & { fragment?: string } = {}): Promise<ReportPage> {
    const { fragment, ...context } = options;
    const page = await slow(await (await browser.newContext({ viewport: { width: 1200, height: 900 }, ...context })).newPage());
    const report = new ReportPage(page);
    await page.goto(pathToFileURL(file).href + (fragment === undefined ? '' : `#${fragment}`));
    // The page unpacks its results after it is loaded.
    await page.locator('.sl-viewer, [role="alert"]').first().waitFor();
    await drawn(page);
    return report;
  }

  /** The viewer of the page. */
  viewer(): Locator {
    return this.page.locator('.sl-viewer');
  }

  /** A map of a page of two results: A, B, the difference; then what is known of the cell in A, and in B. */
  side(place: number): Locator {
    return this.page.locator('.sl-side').nth(place);
  }

  /** A cell of a grid, by row and column as ARIA counts them: from 1, labels and heads included. */
  cell(row: number, column: number, place = 0): Locator {
    return this.page.getByRole('grid').nth(place).locator(`[aria-rowindex="${row}"] [aria-colindex="${column}"]`);
  }

  /** See {@link violations}. */
  violations(): Promise<string[]> {
    return violations(this.page);
  }

  /** Closes the page, which must have had no error and no request. */
  async close(): Promise<void> {
    await this.page.context().close();
    assert.deepEqual(this.#troubles, []);
  }
}
