import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { violations } from './violations.js';
import { slow } from './slow.js';

/** `stratalens explore` with the embedded model: the real process, as a reader starts it. */
export class Explorer {
  private constructor(
    readonly process: ChildProcess,
    readonly address: string,
  ) {}

  /**
   * @param history folder of its runs
   * @param words further words of the command
   */
  static async start(history: string, ...words: readonly string[]): Promise<Explorer> {
    const process = spawn(resolve('../../stratalens'), ['explore', '--no-open', '--history', history, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface(process.stdout)) {
      const address = /http:\S+/.exec(line)?.[0];
      if (address !== undefined) return new Explorer(process, address);
    }
    throw new Error('stratalens explore ended without an address');
  }

  /** Ends it as Ctrl-C does, and gives its exit code. */
  async stop(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGINT');
    return ((await ended) as [number | null])[0];
  }
}

/** The explorer's page in a browser, and everything that went wrong on it. */
export class ExplorerPage {
  readonly troubles: string[] = [];

  private constructor(
    readonly page: Page,
    address: string,
  ) {
    page.on('pageerror', (error) => this.troubles.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) this.troubles.push(`request: ${request.url()}`);
    });
  }

  static async open(browser: Browser, explorer: Explorer, options: BrowserContextOptions = {}): Promise<ExplorerPage> {
    const page = await slow(await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage());
    const opened = new ExplorerPage(page, explorer.address);
    await page.goto(explorer.address);
    await page.getByRole('combobox', { name: 'Model' }).locator('option').first().waitFor({ state: 'attached' });
    return opened;
  }

  get prompt(): Locator {
    return this.page.getByLabel('Prompt', { exact: true });
  }

  /** The viewers that are shown. */
  viewers(): Locator {
    return this.page.locator('.ex-stage .sl-viewer');
  }

  /** From now on answers come at so many bytes a second, so that a long run is still going on when a test acts on it. */
  async slowLine(bytesPerSecond: number): Promise<void> {
    const line = await this.page.context().newCDPSession(this.page);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: bytesPerSecond, uploadThroughput: -1 });
  }

  /** Has the page itself click a button once so many elements are there: before anything else comes. */
  async clickOnce(button: string, selector: string, count: number): Promise<void> {
    await this.page.evaluate(
      ([button, selector, count]) => {
        new MutationObserver((_, watch) => {
          const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === button);
          if (found === undefined || document.querySelectorAll(selector).length < count) return;
          watch.disconnect();
          found.click();
        }).observe(document.body, { childList: true, subtree: true, attributes: true });
      },
      [button, selector, count] as const,
    );
  }

  /** Unfolds the form if it is folded. */
  async edit(): Promise<void> {
    const folded = this.page.locator('.ex-edit');
    if (await folded.isVisible()) await folded.click();
  }

  /** Types a prompt and runs it by the keyboard. */
  async run(text: string): Promise<void> {
    await this.edit();
    await this.prompt.fill(text);
    await this.page.keyboard.press('Control+Enter');
  }

  /** Waits for the words that are told to who listens. */
  async hear(words: string | RegExp): Promise<void> {
    await this.page.locator('.ex-status [role=status]', { hasText: words }).waitFor({ state: 'attached' });
  }

  /** Waits until so many elements are there; fails if they do not become so many. */
  async shows(elements: Locator, count: number, why?: string): Promise<void> {
    const end = Date.now() + 10_000;
    while ((await elements.count()) !== count && Date.now() < end) await this.page.waitForTimeout(50);
    assert.equal(await elements.count(), count, why);
  }

  /** See {@link violations}. */
  violations(): Promise<string[]> {
    return violations(this.page);
  }

  /** Closes the page, which must have had no error and no request to anywhere else. */
  async close(): Promise<void> {
    await this.page.context().close();
    assert.deepEqual(this.troubles, []);
  }
}
