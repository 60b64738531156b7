import { FileError } from '../file/file-error.js';
import type { PartSource } from '../file/block.js';

/** The parts of a result in this page. The script runs while the page is still read, so a part may be yet to come. */
export function partsOf(result: number): PartSource {
  return async (part) => {
    const id = `result-${result}-${part}`;
    let element = document.getElementById(id);
    if (!(element?.nextSibling || document.readyState !== 'loading')) {
      await parsed();
      element = document.getElementById(id);
    }
    if (element === null) throw new FileError('it is missing');
    return element.textContent ?? '';
  };
}

function parsed(): Promise<void> {
  return new Promise((resolve) => document.addEventListener('DOMContentLoaded', () => resolve(), { once: true }));
}
