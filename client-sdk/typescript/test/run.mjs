// Bundles the tests of a folder and runs them with Node's own runner: node test/run.mjs unit, or server, which needs servers.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const folder = process.argv[2] ?? 'unit';

// Inside the project, where the bundles find the packages that stay outside of them.
const built = mkdtempSync(join(root, 'node_modules', '.tests-'));
try {
  const tests = readdirSync(join(here, folder)).filter((name) => name.endsWith('.test.ts'));
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((name) => `test/${folder}/${name}`),
    outdir: built,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  const files = tests.map((name) => join(built, name.replace(/\.ts$/, '.mjs')));
  const run = spawnSync(process.execPath, ['--test', '--enable-source-maps', '--test-timeout=120000', ...files], { cwd: root, stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(built, { recursive: true });
}
