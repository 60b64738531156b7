import { execFileSync } from 'node:child_process';

/** The words of a PDF, page by page, as poppler's pdftotext reads them. */
export function pagesOf(pdf: Buffer): string[][] {
  let text: string;
  try {
    text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8', maxBuffer: 2 ** 26 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('No pdftotext is on the path. Install it (Debian: apt-get install poppler-utils).');
  }
  return text.split('\f').slice(0, -1).map((page) => page.split(/\s+/).filter((word) => word !== ''));
}
