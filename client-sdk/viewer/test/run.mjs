// Bundles the tests and runs them with Node's own runner: `node test/run.mjs` runs all, `node test/run.mjs unit` or `browser`
// one folder, and further words only the files that have one of them in their name.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const words = process.argv.slice(2);
const folders = ['unit', 'browser'].filter((folder) => !['unit', 'browser'].includes(words[0]) || words[0] === folder);
const wanted = words.filter((word) => !['unit', 'browser'].includes(word));
const tests = folders
  .flatMap((folder) => readdirSync(join(here, folder)).map((name) => `test/${folder}/${name}`))
  .filter((name) => name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((word) => name.includes(word))));
if (tests.length === 0) {
  console.error(`no test has ${wanted.join(' or ')} in its name`);
  process.exit(2);
}

// Inside the project, where the bundles find the packages that stay outside of them.
const built = mkdtempSync(join(root, 'node_modules', '.tests-'));
try {
  await build({
    absWorkingDir: root,
    entryPoints: tests,
    outdir: built,
    outbase: 'test',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    loader: { '.css': 'empty' },
    sourcemap: 'inline',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  const files = tests.map((name) => join(built, name.slice('test/'.length).replace(/\.ts$/, '.mjs')));
  const run = spawnSync(process.execPath, ['--test', '--enable-source-maps', '--test-timeout=400000', ...files], { cwd: root, stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(built, { recursive: true });
}
