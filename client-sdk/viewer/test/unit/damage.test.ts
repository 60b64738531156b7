// Files with random damage: each is read, or refused with a FileError. DAMAGES=1000000 tries so many of each kind.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { openBlock } from '../../src/file/block.js';
import { Fields } from '../../src/file/fields.js';
import { readHead } from '../../src/file/head.js';
import { readNative } from '../../src/file/native-reader.js';
import { openText } from '../../src/file/open.js';
import { readPage } from '../../src/file/page.js';
import { readV2 } from '../../src/file/v2-reader.js';
import { digits, packed } from '../support/packed.js';

const DAMAGES = Number(process.env['DAMAGES'] ?? 2000);
const SEED = Number(process.env['SEED'] ?? 1);
const VALUES: readonly unknown[] = [null, -1, 0, 1.5, 7, 2 ** 31, 1e300, true, '', 'x', 'Infinity', [], [[]], {}, { x: 1 }];
const BYTES = [0, 1, 2, 0x22, 0x2c, 0x7f, 0x80, 0xff];

const fixture = (name: string): string => readFileSync(`test/fixtures/${name}`, 'utf8');
const capital = fixture('capital.json');
const v2 = fixture('capital.v2.json');
const head = { ...JSON.parse(capital), trajectories: true, reached: [[], [1, 3]], positions_per_page: 4, readings: undefined };

/** Whole numbers below a limit, the same in each run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Puts another value, or none, in one place of a JSON value. */
function damageJson(json: any, below: (limit: number) => number): any {
  let at = json;
  for (;;) {
    const keys = Object.keys(at);
    const key = keys[below(keys.length)];
    if (key === undefined) return json;
    const inner = at[key];
    if (typeof inner === 'object' && inner !== null && below(4) > 0) {
      at = inner;
      continue;
    }
    const value = VALUES[below(VALUES.length)];
    if (below(3) > 0) at[key] = structuredClone(value);
    else if (Array.isArray(at)) at.splice(Number(key), 1, ...(below(2) > 0 ? [inner, inner] : []));
    else delete at[key];
    return json;
  }
}

/** Changes, cuts or repeats some bytes. */
function damageBytes(bytes: Uint8Array, below: (limit: number) => number): Uint8Array {
  let damaged = bytes.slice();
  for (let count = 1 + below(3); count > 0; count--) {
    const at = below(damaged.length + 1);
    const kind = below(6);
    if (kind === 0) damaged = damaged.slice(0, at);
    else if (kind === 1) damaged = Uint8Array.of(...damaged.slice(0, at), ...damaged.slice(below(at + 1)));
    else if (at < damaged.length) damaged[at] = kind === 2 ? below(256) : BYTES[below(BYTES.length)]!;
  }
  return damaged;
}

/** Every token of the vocabulary at every position, with numbers that do not matter. */
function page(positions: number): { bytes: Uint8Array; read: (bytes: Uint8Array) => unknown } {
  const { run, vocabulary } = readHead(new Fields(head, '$'), 0);
  const ids = Int32Array.from(vocabulary.keys());
  const bytes: number[] = [];
  const integers = (count: number, value: (i: number) => number): void => {
    for (let shift = 0; shift < 32; shift += 8) {
      for (let i = 0; i < count; i++) bytes.push((value(i) >>> shift) & 0xff);
    }
  };
  const floats = (count: number): void => {
    integers(1, () => 2);
    integers(2, (i) => [0xbf800000, 0x3f800000][i]!);
    integers(count, (i) => i % 2);
  };
  const cells = positions * run.layers.length;
  const tokens = positions * ids.length;
  integers(positions, () => ids.length);
  integers(tokens, (i) => (i % ids.length === 0 ? 0 : 1));
  integers(tokens, (i) => i % 2);
  integers(cells * run.k, (i) => i % ids.length);
  floats(cells * run.k);
  run.statistics.forEach(() => floats(cells));
  run.targets.forEach(() => {
    integers(cells, () => 1);
    floats(cells);
  });
  floats(Math.floor(tokens / 2) * run.layers.length);
  return { bytes: Uint8Array.from(bytes), read: (damaged) => readPage(damaged, run, positions, ids) };
}

function damages(what: string, attempt: (below: (limit: number) => number) => unknown): void {
  test(`damaged ${what}: read or refused`, async () => {
    for (let i = 0; i < DAMAGES; i++) {
      try {
        await attempt(numbers(SEED * 2654435761 + i));
      } catch (error) {
        assert.equal((error as Error).name, 'FileError', `SEED=${SEED}, damage ${i}: ${(error as Error).stack}`);
      }
    }
  });
}

test('the undamaged page is read', () => {
  const { bytes, read } = page(2);
  read(bytes);
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const onePage = page(2);
damages('pages', (below) => onePage.read(damageBytes(onePage.bytes, below)));
damages('heads', (below) => openBlock(async () => packed(JSON.stringify(damageJson(structuredClone(head), below)))));
damages('packed heads', (below) => openBlock(async () => digits(damageBytes(deflateRawSync(JSON.stringify(head)), below))));
damages('native JSON', (below) => readNative(damageJson(JSON.parse(capital), below)));
damages('V2 JSON', (below) => readV2(damageJson(JSON.parse(v2), below)));
damages('text', (below) => openText(decoder.decode(damageBytes(encoder.encode(v2), below))));
