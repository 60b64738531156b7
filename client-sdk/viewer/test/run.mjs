// Bundles the tests and runs them with Node's own runner: `node test/run.mjs` runs all, `node test/run.mjs unit`, `browser` or
// `firefox` one folder, and further words only the files that have one of them in their name.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const words = process.argv.slice(2);

/** Tests of Chromium that Firefox must pass, too: what is in the window, the keyboard, axe, and what grows or runs again by itself. */
const IN_BOTH = ['layout', 'heatmap-keys', 'heatmap-access', 'explorer-writing', 'explorer-change'].map((name) => `test/browser/${name}.test.ts`);
const inFolder = (folder) => readdirSync(join(here, folder)).map((name) => `test/${folder}/${name}`).filter((name) => name.endsWith('.test.ts'));
const ROUNDS = {
  unit: { tests: inFolder('unit'), env: {} },
  browser: { tests: inFolder('browser'), env: { BROWSER: 'chromium' } },
  firefox: { tests: [...inFolder('firefox'), ...IN_BOTH], env: { BROWSER: 'firefox' } },
};

const wanted = words.slice(words[0] in ROUNDS ? 1 : 0);
const rounds = Object.entries(ROUNDS)
  .filter(([name]) => !(words[0] in ROUNDS) || words[0] === name)
  .map(([, { tests, env }]) => ({ env, tests: tests.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word))) }))
  .filter(({ tests }) => tests.length > 0);
const tests = [...new Set(rounds.flatMap(({ tests }) => tests))];
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
  for (const { env, tests } of rounds) {
    const files = tests.map((name) => join(built, name.slice('test/'.length).replace(/\.ts$/, '.mjs')));
    const run = spawnSync(process.execPath, ['--test', '--enable-source-maps', '--test-timeout=400000', ...files], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    if (run.status !== 0) process.exitCode = run.status ?? 1;
  }
} finally {
  rmSync(built, { recursive: true });
}
