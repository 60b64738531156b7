import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The Chromium that CHROMIUM names, or else one of the path. */
export function chromiumProgram(): string {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((program) => existsSync(program));
  if (found === undefined) throw new Error('No chromium is on the path. Install one, or name its program in CHROMIUM.');
  return found;
}
