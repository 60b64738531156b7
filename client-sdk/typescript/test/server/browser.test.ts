import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { chromiumProgram } from '../support/chromium.js';
import { proxyUrl } from '../support/servers.js';

const PAGE_SCRIPT = `
  import { connect } from './src/web.ts';
  const client = connect(new URLSearchParams(location.search).get('server'));
  try {
    const layers = [];
    for await (const layer of client.stream('The capital of France is')) layers.push(layer.best(5).token.text);
    document.title = JSON.stringify(layers);
    await client.analyze('').catch((error) => (document.body.textContent = error.code + ' ' + error.detail.field));
  } catch (error) {
    document.title = 'failed: ' + error.message;
  }`;

test('a page in a browser asks through the proxy', async (t) => {
  const { outputFiles: [script] } = await build({
    stdin: { contents: PAGE_SCRIPT, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true, format: 'esm', platform: 'browser', target: 'es2022', write: false,
  });
  const pages = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script!.text : '<!doctype html><meta charset="utf-8"><title></title><body><script type="module" src="page.js"></script>');
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  t.after(() => pages.close());
  const browser = await chromium.launch({ executablePath: chromiumProgram(), args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/?server=${encodeURIComponent(proxyUrl())}`);
  await page.waitForFunction('document.title.startsWith("failed") || document.body.textContent !== ""');
  const title = await page.title();
  assert.ok(title.startsWith('['), title);
  assert.equal((JSON.parse(title) as string[]).at(-1), ' Paris');
  assert.equal(await page.textContent('body'), 'INVALID_REQUEST prompt.text');
});
