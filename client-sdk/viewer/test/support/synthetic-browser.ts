import { build } from 'esbuild';
import type { Browser, Locator, Page } from 'playwright-core';
import { isFirefox, launchBrowser } from './browsers.js';
import type { CellAddress, ViewState } from '../../src/state/view-state.js';
import type { Store } from '../../src/state/store.js';
import type { Synthetic, SyntheticLens } from './synthetic-lens.js';
import { drawn } from './frames.js';
import { slow } from './slow.js';

const ADDRESS = 'https://viewer.test/';

export interface Opened {
  readonly lens?: Synthetic;
  readonly view?: Partial<ViewState>;
  readonly width?: number;
  readonly height?: number;
  readonly touch?: boolean;
}

/** A browser with a page that was bundled from the sources. */
export class SyntheticBrowser {
  readonly #browser: Browser;
  readonly #html: string;

  private constructor(browser: Browser, html: string) {
    this.#browser = browser;
    this.#html = html;
  }

  static async start(page = 'test/support/synthetic-page.ts'): Promise<SyntheticBrowser> {
    const bundle = await build({ entryPoints: [page], bundle: true, write: false, outdir: 'unwritten', charset: 'utf8' });
    const [script, style] = ['.js', '.css'].map((end) => bundle.outputFiles.find((file) => file.path.endsWith(end))!.text);
    const browser = await launchBrowser();
    const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title>';
    return new SyntheticBrowser(browser, `<!doctype html><html lang="en">${head}<style>${style}</style><body><script>${script}</script>`);
  }

  /** Opens a page; what it says on the console fails the test that reads `errors`. */
  async open({ lens = {}, view = {}, width = 900, height = 700, touch = false }: Opened = {}): Promise<SyntheticView> {
    const context = await this.#browser.newContext({ viewport: { width, height }, hasTouch: touch, acceptDownloads: true });
    // Firefox asks nobody in tests.
    if (!isFirefox) await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await slow(await context.newPage());
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.route('**/*', (route) =>
      route.request().url().startsWith(ADDRESS) ? route.fulfill({ contentType: 'text/html', body: this.#html }) : route.abort(),
    );
    await page.goto(`${ADDRESS}#${encodeURIComponent(JSON.stringify({ lens, view }))}`);
    const opened = new SyntheticView(page, errors);
    await opened.settled();
    return opened;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** A page that is open, in the words of its tests. */
export class SyntheticView {
  readonly page: Page;
  readonly errors: readonly string[];

  constructor(page: Page, errors: readonly string[]) {
    this.page = page;
    this.errors = errors;
  }

  get grid(): Locator {
    return this.page.getByRole('grid');
  }

  /** The cell in a row and column of the grid, counted as ARIA does, from 1, the labels and heads included. */
  cell(row: number, column: number): Locator {
    return this.page.locator(`[aria-rowindex="${row}"] [aria-colindex="${column}"]`);
  }

  /** See {@link drawn}. */
  settled(): Promise<void> {
    return drawn(this.page);
  }

  /** Scrolls the map, and waits until it is drawn there. */
  async scroll(to: { readonly left?: number; readonly top?: number }): Promise<void> {
    await this.grid.evaluate((grid, to) => grid.scrollTo(to), to);
    await this.settled();
  }

  state(): Promise<ViewState> {
    return this.page.evaluate(() => (globalThis as unknown as { store: Store }).store.state);
  }

  hover(): Promise<CellAddress | undefined> {
    return this.page.evaluate(() => (globalThis as unknown as { store: Store }).store.hover.value);
  }

  inPage(action: (page: { lens: SyntheticLens; store: Store }) => void): Promise<void> {
    return this.page.evaluate(`(${String(action)})(globalThis)`);
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}
