import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Wanted {
  /** Native JSON: the name of a fixture, or an object. */
  readonly results: readonly (string | object)[];
  readonly theme?: 'auto' | 'light' | 'dark';
}

/** Reports that the SDK wrote, in a folder of their own. */
export class Reports {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stratalens-reports-'));

  /** Writes reports of real results by the real SDK: needs the launcher's build, which is made where it is missing. */
  constructor(wanted: Readonly<Record<string, Wanted>>) {
    const root = resolve('../..');
    execFileSync(join(root, 'stratalens'), ['version'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const classPath = readFileSync(join(root, 'cli/target/launcher/state/classpath'), 'utf8').trim();
    const reports = Object.entries(wanted).map(([name, { results, theme = 'auto' }]) =>
      [this.path(name), theme, ...results.map((result, i) => this.#file(result, `${name}.${i}.json`))].join('|'),
    );
    execFileSync('java', ['-cp', classPath, resolve('test/support/WriteReports.java'), ...reports], { stdio: 'inherit' });
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  text(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Puts a file beside the reports. */
  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  delete(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #file(result: string | object, name: string): string {
    return typeof result === 'string' ? resolve('test/fixtures', result) : this.write(name, JSON.stringify(result));
  }
}
