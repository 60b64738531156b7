/** Maps values to 0 (bottom) .. 1 (top), with the ticks of its axis. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** From the round number below `low` to the one above `high`, with about `count` ticks. */
export function linearScale(low: number, high: number, count: number): Scale {
  const step = roundStep((high - low || 1) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return {
    at: (value) => (value / step - first) / (last - first),
    ticks: range(first, last).map((place) => Number((place * step).toPrecision(6))),
  };
}

/** From the power of ten below `low` to the one above `high`; what is smaller is drawn at the bottom. */
export function logScale(low: number, high: number, count: number): Scale {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  const every = Math.ceil((last - first) / count);
  const between = last - first === 1 ? [2, 5] : [];
  return {
    at: (value) => (value > 0 ? Math.max(0, (Math.log10(value) - first) / (last - first)) : 0),
    ticks: [
      ...range(first, last).filter((power) => (last - power) % every === 0).map((power) => Number(`1e${power}`)),
      ...between.map((times) => Number(`${times}e${first}`)),
    ],
  };
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
export function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}
