import { launchChromium } from '../support/browsers.js';
import { CATEGORIES, workOf } from './work.js';

/** Opens a report and scrolls through it, as a reader would: times in milliseconds, by what they are of. */
export async function visit(address: string): Promise<Record<string, string>> {
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    await page.addInitScript(() => {
      const watch = () => {
        const cell = document.querySelector('.sl-cell');
        if (cell?.textContent) (globalThis as any).cellsAfter = performance.now();
        else requestAnimationFrame(watch);
      };
      requestAnimationFrame(watch);
    });
    await page.goto(address, { waitUntil: 'commit' });
    await page.waitForFunction(() => (globalThis as any).cellsAfter !== undefined, undefined, { timeout: 60_000 });
    const first = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      cells: (globalThis as any).cellsAfter as number,
    }));
    await page.waitForLoadState('load');
    const read = await page.evaluate(() => performance.timing.loadEventEnd - performance.timing.navigationStart);
    const slow = await page.evaluate(scroll, { pixels: 40, frames: 300 });
    const fast = await page.evaluate(scroll, { pixels: 700, frames: 300 });
    const work = async (pixels: number) => {
      await page.evaluate(() => (document.querySelector('[role="grid"]')!.scrollLeft = 0));
      await browser.startTracing(page, { categories: CATEGORIES });
      await page.evaluate(glide, { pixels, frames: 300 });
      return spread(workOf(await browser.stopTracing()), 1);
    };
    const [slowWork, fastWork] = [await work(40), await work(700)];
    const heap = await page.evaluate(() => (performance as any).memory.usedJSHeapSize / 2 ** 20);
    return {
      'first paint': ms(first.paint),
      'first cells': ms(first.cells),
      'file read': ms(read),
      'scrolling 40 px a frame': frames(slow),
      'scrolling 700 px a frame': frames(fast),
      'script and layout at 40 px a frame': slowWork,
      'script and layout at 700 px a frame': fastWork,
      'script memory': `${heap.toFixed(0)} MiB`,
    };
  } finally {
    await browser.close();
  }
}

interface Frames {
  readonly times: number[];
  readonly sampled: number;
  readonly blank: number;
}

/** Scrolls the grid and looks, in each frame, at places all over it: a place without a word in its cell is blank. */
async function scroll({ pixels, frames }: { pixels: number; frames: number }): Promise<Frames> {
  const grid = document.querySelector('[role="grid"]')!;
  const box = grid.getBoundingClientRect();
  const times: number[] = [];
  let [sampled, blank] = [0, 0];
  let before = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    grid.scrollLeft += pixels;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - before);
    before = now;
    for (let across = 0.1; across < 1; across += 0.2) {
      for (let down = 0.2; down < 1; down += 0.3) {
        const y = Math.min(box.top + down * box.height, innerHeight - 2);
        const place = document.elementFromPoint(box.left + across * box.width, y);
        if (!grid.contains(place)) continue; // the docked detail lies over it
        sampled++;
        if (!place!.closest('.sl-cell')?.textContent) blank++;
      }
    }
  }
  return { times, sampled, blank };
}

/** Scrolls without a look at the cells, which would lay out the page itself. */
async function glide({ pixels, frames }: { pixels: number; frames: number }): Promise<void> {
  const grid = document.querySelector('[role="grid"]')!;
  for (let frame = 0; frame < frames; frame++) {
    grid.scrollLeft += pixels;
    await new Promise(requestAnimationFrame);
  }
}

function frames({ times, sampled, blank }: Frames): string {
  return `frame ${spread(times, 0)}; ${blank} of ${sampled} places blank`;
}

function spread(times: readonly number[], digits: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(digits);
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(1)} ms`;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
