import type { Lens, Origin } from '../lens/lens.js';
import { openBlock } from './block.js';
import { FileError } from './file-error.js';
import { FORMAT } from './head.js';
import { readNative } from './native-reader.js';
import { readV2 } from './v2-reader.js';

export { FileError } from './file-error.js';
export type { Lens } from '../lens/lens.js';

/**
 * Opens the text of a file, whichever format it has: native JSON, V2 JSON, or a report with its results.
 *
 * @throws FileError with the place of the fault
 */
export async function openText(text: string): Promise<readonly Lens[]> {
  if (/^\s*<!doctype html>/i.test(text)) return openReport(text);
  const json = parsed(text);
  if (has(json, 'format')) return readNative(json);
  if (has(json, 'meta')) return [readV2(json)];
  throw new FileError(`it is neither a result ("format": "${FORMAT}") nor V2 JSON ("meta": {"version": 2}); choose a file that was written with --format json, v2 or html`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 1 && lines[0]!.startsWith('{"id":')) {
      throw new FileError('it holds the results of many prompts, one per line; save the "result" of one line as a file');
    }
    throw new FileError(`it is not JSON: ${(error as Error).message}`);
  }
}

/** Scripts of a document parsed in this way never run. */
async function openReport(html: string): Promise<readonly Lens[]> {
  const document = new DOMParser().parseFromString(html, 'text/html');
  const heads = document.querySelectorAll('script[id^="result-"][id$="-head"]');
  if (heads.length === 0) throw new FileError('it is a page without a result; choose a file that was written with --format html');
  const origin = originOf(document.getElementById('report')?.textContent ?? '');
  return Promise.all([...heads].map((head) => openBlock(async (part) => {
    const element = document.getElementById(head.id.replace('head', part));
    if (element === null) throw new FileError('it is missing');
    return element.textContent ?? '';
  }, origin)));
}

/** The origin that a page's options name; undefined in pages that do not. */
function originOf(options: string): Origin | undefined {
  const found = /"origin":\{"date":"(\d{4}-\d\d-\d\d)","version":"([\w.+-]{1,40})"\}/.exec(options);
  return found ? { date: found[1]!, version: found[2]! } : undefined;
}

function has(json: unknown, key: string): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, key);
}
