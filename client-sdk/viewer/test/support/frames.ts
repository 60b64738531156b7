import type { Page } from 'playwright-core';

/** Waits until a page has drawn: a scroll and a change of a size are told in the next frame, and what then fits is drawn in the one after. */
export function drawn(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
}
