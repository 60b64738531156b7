import { FileError, shown } from './file-error.js';
import { numberOf } from './fields.js';

/** Nested arrays of numbers, of the given lengths, as float32 in row-major order; null is NaN. */
export function floats(value: unknown, path: string, ...lengths: number[]): Float32Array {
  const out = new Float32Array(lengths.reduce((product, length) => product * length, 1));
  fill(value, path, lengths, 0, (at, leaf, place) => {
    out[at] = numberOf(leaf) ?? wrong(place, 'a number', leaf);
  });
  return out;
}

/** The same for 32-bit integers; null becomes a given value, or is refused without one. */
export function integers(value: unknown, path: string, absent: number | undefined, ...lengths: number[]): Int32Array {
  const out = new Int32Array(lengths.reduce((product, length) => product * length, 1));
  fill(value, path, lengths, 0, (at, leaf, place) => {
    const number = leaf === null ? absent : leaf;
    if (typeof number !== 'number' || (number | 0) !== number) wrong(place, 'an integer', leaf);
    out[at] = number as number;
  });
  return out;
}

/** A list of ascending integers from a smallest allowed one. */
export function ascending(value: unknown, path: string, first: number): Int32Array {
  const list = integers(value, path, undefined, Array.isArray(value) ? value.length : 0);
  list.forEach((number, i) => {
    const before = i === 0 ? first - 1 : list[i - 1]!;
    if (number <= before) throw new FileError(`${path}: not ascending from ${first}: ${number} after ${before}`);
  });
  return list;
}

function fill(
  value: unknown,
  path: string,
  lengths: readonly number[],
  offset: number,
  leaf: (at: number, value: unknown, path: () => string) => void,
): void {
  const [length, ...inner] = lengths as [number, ...number[]];
  if (!Array.isArray(value)) throw new FileError(`${path}: expected an array, found ${shown(value)}`);
  if (value.length !== length) throw new FileError(`${path}: expected ${length} values, found ${value.length}`);
  const step = inner.reduce((product, size) => product * size, 1);
  for (let i = 0; i < length; i++) {
    if (inner.length > 0) fill(value[i], `${path}[${i}]`, inner, offset + i * step, leaf);
    else leaf(offset + i, value[i], () => `${path}[${i}]`);
  }
}

function wrong(place: () => string, expected: string, found: unknown): never {
  throw new FileError(`${place()}: expected ${expected}, found ${shown(found)}`);
}
