/** Colors of a cell: its background, and a text color that is readable on it. */
export interface Ink {
  readonly background: string;
  readonly text: string;
}

type Rgb = readonly [number, number, number];

/**
 * From blue over gray to yellow, as cividis and the command line's scale: the lightness changes evenly, so it works
 * with any kind of color vision. On a light page, high values are dark; on a dark page, they are bright.
 */
const LIGHT: readonly Rgb[] = [[251, 250, 245], [247, 231, 160], [222, 205, 120], [178, 170, 128], [75, 90, 128], [0, 34, 78]];
const DARK: readonly Rgb[] = [[27, 33, 46], [36, 56, 104], [92, 97, 115], [146, 141, 119], [200, 184, 102], [254, 232, 56]];

/** From blue over white to orange, as the command line's; both pages have the same. */
const DIVERGING: readonly Rgb[] = [[11, 79, 138], [79, 147, 200], [181, 211, 234], [245, 245, 242], [246, 207, 159], [224, 138, 46], [156, 74, 0]];

export type Ramp = 'sequential' | 'diverging';

/** More steps than the eye can tell apart. */
const STEPS = 64;

/** A scale from 0 to 1. */
export class Scale {
  static readonly light = new Scale(LIGHT);
  static readonly dark = new Scale(DARK);
  static readonly diverging = new Scale(DIVERGING);

  readonly #inks: readonly Ink[];

  static of(ramp: Ramp, dark: boolean): Scale {
    return ramp === 'diverging' ? Scale.diverging : dark ? Scale.dark : Scale.light;
  }

  private constructor(stops: readonly Rgb[]) {
    this.#inks = Array.from({ length: STEPS + 1 }, (_, step) => ink(mixed(stops, step / STEPS)));
  }

  /** Colors of a level; levels outside 0 .. 1 take the nearest end. */
  at(level: number): Ink {
    return this.#inks[Math.round(Math.min(1, Math.max(0, level)) * STEPS)]!;
  }

  /** The whole scale, for a legend: backgrounds at even steps. */
  backgrounds(count: number): string[] {
    return Array.from({ length: count }, (_, i) => this.at(i / (count - 1)).background);
  }
}

/** WCAG contrast of two colors, 1 .. 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(parsed(one)), luminance(parsed(other))].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function ink(rgb: Rgb): Ink {
  const background = `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  // Black or white: one of them always has a contrast of 4.5 or more.
  const text = contrast(background, '#000000') > contrast(background, '#ffffff') ? '#000000' : '#ffffff';
  return { background, text };
}

function mixed(stops: readonly Rgb[], level: number): Rgb {
  const place = level * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const [from, to, part] = [stops[below]!, stops[below + 1]!, place - below];
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] * (1 - part) + to[i] * part);
  return [channel(0), channel(1), channel(2)];
}

function parsed(color: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as unknown as Rgb;
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
