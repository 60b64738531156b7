import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Serious and critical violations of accessibility rules on a page, as axe finds them. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger: the page's own policy would refuse the script.
  await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run();
    return violations
      .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }: any) => `${id}: ${nodes.map((node: any) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(', ')}`);
  });
}
