// Bundles the pages into the resources of the modules that serve them: the bundles are committed, and the gate rebuilds and
// compares them. `node build.mjs --into FOLDER` writes there instead.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const at = process.argv.indexOf('--into');
const into = at < 0 ? undefined : process.argv[at + 1];

const pages = [
  { entry: 'src/report/report.ts', folder: '../src/main/resources/dev/stratalens/client/internal/html' },
  { entry: 'src/explorer/explorer.ts', folder: '../../cli/src/main/resources/dev/stratalens/cli/explore' },
];

for (const page of pages.filter(({ entry }) => existsSync(join(here, entry)))) {
  await build({
    absWorkingDir: here,
    entryPoints: [page.entry],
    outdir: into ?? join(here, page.folder),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
}
