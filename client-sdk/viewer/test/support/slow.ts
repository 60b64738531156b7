import type { Page } from 'playwright-core';
import { isFirefox } from './browsers.js';

/**
 * Makes a page slow, to find tests that wait for too little: its processor SLOW times slower (Chromium only), and what the browser
 * tells in its next frame (scrolls, sizes, animation frames) LATE milliseconds late. Neither unless it is set.
 */
export async function slow(page: Page): Promise<Page> {
  const rate = Number(process.env['SLOW'] ?? 1);
  if (rate > 1 && !isFirefox) await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate });
  const late = Number(process.env['LATE'] ?? 0);
  if (late > 0) await page.addInitScript(delayFrames, late);
  return page;
}

/** Runs in the page, before its own script. */
function delayFrames(late: number): void {
  const frame = requestAnimationFrame;
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  globalThis.requestAnimationFrame = (draw) => {
    const id = frame((time) => timers.set(id, setTimeout(() => draw(time), late)));
    return id;
  };
  const cancel = cancelAnimationFrame;
  globalThis.cancelAnimationFrame = (id) => {
    cancel(id);
    clearTimeout(timers.get(id));
  };
  const Observer = ResizeObserver;
  globalThis.ResizeObserver = class extends Observer {
    constructor(told: ResizeObserverCallback) {
      super((entries, observer) => setTimeout(() => told(entries, observer), late));
    }
  };
  const hold = (event: Event): void => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    setTimeout(() => event.target!.dispatchEvent(new Event('scroll', { bubbles: event.bubbles })), late);
  };
  addEventListener('scroll', hold, true);
}
