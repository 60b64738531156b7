import type { PartSource } from '../file/block.js';
import { FileError } from '../file/file-error.js';

/** Milliseconds after which is looked again whether a part has been read. */
const PAUSE = 20;

/** The parts of a result in this page. The script runs while the page is still read, so a part may be yet to come. */
export function partsOf(result: number): PartSource {
  return async (part) => {
    for (;;) {
      const whole = document.readyState !== 'loading';
      const element = document.getElementById(`result-${result}-${part}`);
      // What something follows has been read to its end.
      if (element && (whole || element.nextSibling)) return element.textContent ?? '';
      if (whole) throw new FileError('it is missing');
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  };
}
