import { isInside } from '../lens/layers.js';
import type { Run } from '../lens/lens.js';
import type { Scale } from './scale.js';

/** Coordinates of layers and values in the drawing, in CSS pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Indexes into `run.layers` of the layers drawn, and the first and the last of them. What is inside blocks is no state of the stream. */
  readonly drawn: readonly number[];
  readonly first: number;
  readonly last: number;
  x(l: number): number;
  y(value: number): number;
  /** The layer nearest to a point. */
  layerAt(x: number): number;
}

export function frame(
  run: Run,
  window: readonly [number, number] | undefined,
  { at }: Scale,
  { width, height }: { readonly width: number; readonly height: number },
): Frame {
  const [left, right, top, bottom] = [58, width - 14, 32, height - 40];
  const { layers } = run;
  const drawn = layers.map((_, l) => l).filter((l) => !isInside(layers[l]!) && (!window || (layers[l]! >= window[0] && layers[l]! <= window[1])));
  const first = drawn[0] ?? 0;
  const last = drawn.at(-1) ?? layers.length - 1;
  const span = layers[last]! - layers[first]!;
  const x = (l: number) => left + (span === 0 ? 0.5 : (layers[l]! - layers[first]!) / span) * (right - left);
  return {
    width, height, left, right, top, bottom, drawn, first, last, x,
    y: (value) => bottom - Math.min(1, Math.max(0, at(value))) * (bottom - top),
    layerAt: (at) => {
      let nearest = first;
      for (const l of drawn) if (Math.abs(x(l) - at) < Math.abs(x(nearest) - at)) nearest = l;
      return nearest;
    },
  };
}

/** Layers with a label on the axis: always the embedding and the last, and round numbers between if there is room. */
export function labeledLayers(layers: readonly number[], { drawn, first, last, x }: Frame, apart: number): number[] {
  const embedding = first < last && layers[first]! < 0 && x(last) - x(first) >= apart ? [first] : [];
  const clear = (l: number) => x(last) - x(l) >= apart && embedding.every((other) => x(l) - x(other) >= apart);
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]) {
    const round = drawn.filter((l) => l < last && layers[l]! >= 0 && layers[l]! % step === 0);
    const shown = round.filter(clear);
    if (shown.every((l, place) => place === 0 || x(l) - x(shown[place - 1]!) >= apart)) return [...embedding, ...shown, last];
  }
  return [last];
}

/** The path of a curve: a line where neighboring layers have values, a gap where values are not recorded. */
export function pathOf(values: ArrayLike<number>, { drawn, x, y }: Frame): string {
  let path = '';
  let drawing = false;
  for (const l of drawn) {
    const value = values[l]!;
    if (Number.isNaN(value)) {
      drawing = false;
      continue;
    }
    path += `${drawing ? 'L' : 'M'}${x(l).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = true;
  }
  return path;
}

/** Layers that need a dot to be visible: all if there is room, else those between two gaps. */
export function dottedLayers(values: ArrayLike<number>, { drawn, first, last, x }: Frame): number[] {
  const roomy = last > first && (x(last) - x(first)) / (drawn.length - 1) >= 14;
  const known = (place: number) => place in drawn && !Number.isNaN(values[drawn[place]!]!);
  return drawn.filter((_, place) => known(place) && (roomy || (!known(place - 1) && !known(place + 1))));
}
