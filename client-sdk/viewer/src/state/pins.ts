import type { Pin } from './view-state.js';

/** Pins with one more token, in the first free color; without it if it is already pinned alone. */
export function withPinToggled(pins: readonly Pin[], id: number): Pin[] {
  const without = pins.filter((pin) => !(pin.ids.length === 1 && pin.ids[0] === id));
  if (without.length < pins.length) return without;
  const used = new Set(pins.map((pin) => pin.color));
  let color = 0;
  while (used.has(color)) color++;
  return [...pins, { ids: [id], color }];
}

/** A list with a value added at its end, or without it if it has it. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

/** Whether a token has a separate curve. */
export function isPinned(pins: readonly Pin[], id: number): boolean {
  return pins.some(({ ids }) => ids.length === 1 && ids[0] === id);
}

/** One curve of several: their ids summed, at the place and in the color of the first. */
export function withPinsGrouped(pins: readonly Pin[], places: readonly number[]): readonly Pin[] {
  const [first, ...rest] = [...new Set(places)].filter((place) => place in pins).sort((a, b) => a - b);
  if (first === undefined || rest.length === 0) return pins;
  const ids = [...new Set([first, ...rest].flatMap((place) => pins[place]!.ids))];
  return pins.map((pin, place) => (place === first ? { ...pin, ids } : pin)).filter((_, place) => !rest.includes(place));
}

/** A group's members as separate curves; the first keeps the color. */
export function withPinSplit(pins: readonly Pin[], place: number): readonly Pin[] {
  const [first, ...rest] = pins[place]?.ids ?? [];
  if (first === undefined || rest.length === 0) return pins;
  const split = pins.map((pin, at) => (at === place ? { ...pin, ids: [first] } : pin));
  return rest.reduce((all: readonly Pin[], id) => (isPinned(all, id) ? all : withPinToggled(all, id)), split);
}
