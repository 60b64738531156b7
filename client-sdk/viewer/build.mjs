// Bundles the pages into the resources of the modules that serve them: the bundles are committed, so that Maven needs no Node.
// `--compare` writes nothing: it fails where a committed bundle is not what the sources give, or where a script is too large.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { minify } from 'terser';

const here = dirname(fileURLToPath(import.meta.url));
const compare = process.argv.includes('--compare');

/** A page, and how large its script may be, in bytes, compressed as a report holds it. */
const pages = [
  { entry: 'src/report/report.ts', folder: '../report/src/main/resources/dev/stratalens/report/page', limit: 62_000 },
  // Has the form, the history, the texts that a model writes and the changed passes on top of a report's viewer.
  { entry: 'src/explorer/explorer.ts', folder: '../../cli/src/main/resources/dev/stratalens/cli/explore', limit: 90_000 },
];

for (const page of pages.filter(({ entry }) => existsSync(join(here, entry)))) {
  const folder = join(here, page.folder);
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [page.entry],
    outdir: folder,
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, text: bundled } of outputFiles) {
    // A twenty-fourth smaller than esbuild alone makes it.
    const text = path.endsWith('.js') ? (await minify(bundled, { compress: { passes: 3 } })).code : bundled;
    const compressed = Math.ceil((deflateRawSync(text, { level: 9 }).length / 4) * 5);
    console.log(`${basename(path)}: ${text.length} characters, packed ${compressed}`);
    if (path.endsWith('.js') && compressed > page.limit) fail(`${basename(path)} is larger than ${page.limit}, compressed`);
    if (!compare) writeFileSync(path, text);
    else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) fail(`${path} is not what the sources give; run \`npm run build\` and commit it`);
  }
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
