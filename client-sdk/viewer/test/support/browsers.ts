import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, firefox, type Browser } from 'playwright-core';

export const isFirefox = process.env['BROWSER'] === 'firefox';

/** Starts the browser that BROWSER names: `chromium`, unless it says `firefox`. */
export function launchBrowser(): Promise<Browser> {
  return isFirefox ? launchFirefox() : launchChromium();
}

/** Starts the Chromium that CHROMIUM names, or else one of the path. */
export function launchChromium(): Promise<Browser> {
  // Chromium's sandbox refuses to start for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: executable('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']), args });
}

/** Starts the Firefox that FIREFOX names, or else one of the path: as its makers ship it, by WebDriver BiDi, which it speaks itself. */
function launchFirefox(): Promise<Browser> {
  return firefox.launch({ channel: 'moz-firefox', executablePath: executable('FIREFOX', ['firefox-esr', 'firefox']), firefoxUserPrefs: { 'dom.events.testing.asyncClipboard': true } });
}

function executable(variable: string, names: readonly string[]): string {
  const named = process.env[variable];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found) return found;
  }
  throw new Error(`No ${names[0]} is on the path. Install one (Debian: apt-get install ${names[0]}), or name its program in ${variable}.`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
