import type { PartSource } from '../file/block.js';
import { FileError } from '../file/file-error.js';

/** Milliseconds between checks whether a part has been read. */
const PAUSE = 20;

/**
 * The parts of a result in this page. The script runs while the browser still reads the page, so a part may be missing
 * yet.
 */
export function partsOf(result: number): PartSource {
  return async (part) => {
    for (;;) {
      const whole = document.readyState !== 'loading';
      const element = document.getElementById(`result-${result}-${part}`);
      // An element is complete if another one follows it.
      if (element && (whole || element.nextSibling)) return element.textContent ?? '';
      if (whole) throw new FileError('it is missing');
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  };
}
