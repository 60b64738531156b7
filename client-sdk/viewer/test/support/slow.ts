import type { Page } from 'playwright-core';
import { isFirefox } from './browsers.js';

/** Makes the processor of a page SLOW times slower, if that is set: a test that then fails waits for too little. Chromium only. */
export async function slow(page: Page): Promise<Page> {
  const rate = Number(process.env['SLOW'] ?? 1);
  if (rate > 1 && !isFirefox) await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate });
  return page;
}
