/** A float32 in JSON: null for NaN, a text for an infinity. */
export type JsonFloat = number | null | 'Infinity' | '-Infinity';

/** A float32 as the number with the fewest digits that reads back to it. */
export function jsonFloat(value: number): JsonFloat {
  if (Number.isNaN(value)) return null;
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(9));
}

/** Float32 values in groups of a width: `[[1, 2], [3, 4]]`. */
export function groups<T>(values: ArrayLike<number>, width: number, written: (value: number) => T): T[][] {
  const count = width === 0 ? 0 : values.length / width;
  return Array.from({ length: count }, (_, group) => Array.from({ length: width }, (_, i) => written(values[group * width + i]!)));
}
