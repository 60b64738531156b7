// Measures a large report in a real browser: `npm run measure [-- TOKENS LAYERS]`, 4,000 tokens by 80 layers by default.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../../..');
const [tokens = '4000', layers = '80'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'stratalens-measure-'));
const built = mkdtempSync(join(here, '../../node_modules', '.measure-'));
try {
  const file = join(folder, 'large.html');
  execFileSync(join(root, 'stratalens'), ['version'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const classPath = readFileSync(join(root, 'cli/target/launcher/state/classpath'), 'utf8').trim();
  const started = Date.now();
  execFileSync('java', ['-Xmx2g', '-cp', classPath, join(here, 'LargeReport.java'), file, tokens, layers], { stdio: 'inherit' });
  console.log(`${tokens} tokens by ${layers} layers: ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB, made and written in ${((Date.now() - started) / 1000).toFixed(1)} s`);

  await build({ entryPoints: [join(here, 'visit.ts')], outfile: join(built, 'visit.mjs'), bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  const { visit } = await import(pathToFileURL(join(built, 'visit.mjs')).href);
  for (const [what, value] of Object.entries(await visit(pathToFileURL(file).href))) console.log(`${what}: ${value}`);
} finally {
  rmSync(folder, { recursive: true });
  rmSync(built, { recursive: true });
}
