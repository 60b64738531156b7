import type { Lens, Origin } from '../lens/lens.js';
import { Fields } from './fields.js';
import { FileError, require } from './file-error.js';
import { readHead } from './head.js';
import { readPage } from './page.js';
import { PagedLens } from './paged-lens.js';

/** Returns a part of a report's block as in the file: base 85. */
export type PartSource = (part: 'head' | `page-${number}`) => Promise<string>;

/** Opens the block of a report: reads its head, and each page on demand. */
export async function openBlock(source: PartSource, origin?: Origin): Promise<Lens> {
  const file = new Fields(await json(source), '$');
  const { run, ...rest } = readHead(file, 0);
  const head = { run: { ...run, origin }, ...rest };
  const pageSize = file.integer('positions_per_page');
  require(pageSize >= 1, `$.positions_per_page: ${pageSize} is below 1`);
  const ids = Int32Array.from(head.vocabulary.keys());
  return new PagedLens(head, pageSize, async (page) => {
    const count = Math.min(pageSize, head.run.positions.length - page * pageSize);
    return readPage(await part(source, `page-${page}`), head.run, count, ids);
  });
}

async function json(source: PartSource): Promise<unknown> {
  const text = new TextDecoder().decode(await part(source, 'head'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError(`the head of this file is damaged: ${(error as Error).message}`);
  }
}

async function part(source: PartSource, name: 'head' | `page-${number}`): Promise<Uint8Array> {
  try {
    return await inflated(decoded(await source(name)));
  } catch (error) {
    throw new FileError(`the ${name.replace('-', ' ')} of this file is damaged: ${(error as Error).message}`);
  }
}

/** Five digits from `(` on are four bytes; `}` stands for `<`. The last group has one digit more than its bytes. */
function decoded(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
  for (let at = 0, to = 0; at < text.length; at += 5, to += 4) {
    let group = 0;
    for (let i = at; i < at + 5; i++) {
      const code = i < text.length ? text.charCodeAt(i) : 124;
      if (code < 40 || code > 125) throw new Error('it has a character that is no digit');
      group = group * 85 + (code === 125 ? 60 : code) - 40;
    }
    bytes.setUint32(to, group);
  }
  return new Uint8Array(bytes.buffer, 0, Math.floor((text.length * 4) / 5));
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
