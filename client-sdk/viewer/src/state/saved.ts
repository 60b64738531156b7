import { choice, integer, list, name as word, optional, pair, text, type Field } from './field.js';
import type { CellAddress, Pin, ViewState } from './view-state.js';

/** A state that was read back, and the names of its invalid fields. */
export interface Restored {
  readonly state: ViewState;
  readonly damaged: readonly string[];
}

const MOST = 2 ** 31 - 1;
const block = integer(-1, 100_000);
/** A read point: a block, or a quarter of one. */
const layer: Field<number> = {
  write: String,
  read: (written) => (/^-?\d{1,6}(\.\d\d?)?$/.test(written) ? Number(written) : undefined),
  allows: (value) => block.allows(Math.ceil(value as number)) && (4 * (value as number)) % 1 === 0,
};
const position = integer(0, MOST);
const id = integer(-MOST, MOST);
const window: Field<readonly [number, number]> = {
  ...list(block, ',', 2),
  allows: (value) => list(block, ',', 2).allows(value) && Array.isArray(value) && value.length === 2 && value[0] <= value[1],
} as Field<readonly [number, number]>;
const pin: Field<Pin> = pair<Pin>({ ids: several(id), color: integer(0, 1000) }, ':');

function several(each: Field<number>): Field<readonly number[]> {
  const any = list(each, '.', 1000);
  return { ...any, allows: (value) => any.allows(value) && (value as unknown[]).length > 0 };
}

/** Every field, with its short name in a fragment. */
const FIELDS: { readonly [K in keyof ViewState]-?: readonly [string, Field<ViewState[K]>] } = {
  title: ['title', text(1000)],
  theme: ['theme', choice('auto', 'light', 'dark')],
  color: ['color', word],
  target: ['target', integer(0, 10_000)],
  colorToken: ['token', optional(id)],
  rankThreshold: ['rank', integer(1, MOST)],
  stride: ['stride', integer(1, 1000)],
  layerWindow: ['layers', optional(window)],
  inside: ['inside', choice('thin', 'folded')],
  down: ['down', choice('layers', 'tokens')],
  columnWidth: ['w', optional(integer(8, 2000))],
  rowHeight: ['h', optional(integer(4, 500))],
  chartHeight: ['chart', optional(integer(0, 5000))],
  chartQuantity: ['y', word],
  chartAxis: ['axis', choice('linear', 'log')],
  selected: ['cell', optional(pair<CellAddress>({ layer, position }, ','))],
  positions: ['pos', list(position, ',', 1000)],
  pins: ['pins', list(pin, ',', 1000)],
  detail: ['detail', choice('auto', 'docked', 'floating')],
  source: ['source', choice('named', 'unnamed')],
};

const names = Object.keys(FIELDS) as (keyof ViewState)[];
const field = (name: keyof ViewState) => FIELDS[name] as readonly [string, Field<unknown>];

/** The difference from a page's first state, such as `color=rank&cell=12,5`: short, and readable in an address. */
export function encode(state: ViewState, first: ViewState): string {
  const parts: string[] = [];
  for (const name of names) {
    const [key, { write }] = field(name);
    const written = write(state[name]);
    if (written !== write(first[name])) parts.push(`${key}=${written}`);
  }
  return parts.join('&');
}

/** The state of a fragment (without its `#`). Unknown or damaged fields keep their first value. */
export function decode(fragment: string, first: ViewState): Restored {
  const change: Record<string, unknown> = {};
  const damaged: string[] = [];
  for (const part of fragment.split('&').filter((each) => each !== '')) {
    const [key, ...rest] = part.split('=');
    const name = names.find((each) => field(each)[0] === key);
    const value = name && attempt(() => field(name)[1].read(rest.join('=')));
    if (name && value !== FAILED && field(name)[1].allows(value)) change[name] = value;
    else damaged.push(name ?? key!.slice(0, 40));
  }
  return { state: { ...first, ...change }, damaged };
}

/** The whole state as a JSON text that `fromJson` takes. */
export function toJson(state: ViewState): string {
  return JSON.stringify({ stratalensView: 1, ...state }, null, 2);
}

/**
 * The state of a JSON text. Unknown or damaged fields keep their first value.
 *
 * @throws SyntaxError if the text is not the JSON of a view
 */
export function fromJson(json: string, first: ViewState): Restored {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null || !('stratalensView' in parsed)) {
    throw new SyntaxError('This JSON is not a saved view: it has no "stratalensView". Choose a file that "Save this view as JSON" wrote.');
  }
  const { stratalensView: version, ...fields } = parsed as Record<string, unknown>;
  const change: Record<string, unknown> = {};
  const damaged = version === 1 ? [] : ['stratalensView'];
  for (const [name, value] of Object.entries(fields)) {
    if (Object.hasOwn(FIELDS, name) && field(name as keyof ViewState)[1].allows(value)) change[name] = value;
    else damaged.push(name.slice(0, 40));
  }
  // JSON leaves undefined fields out; they must come back as undefined even if the first state has a value.
  for (const name of names) if (!(name in fields) && field(name)[1].allows(undefined)) change[name] = undefined;
  return { state: { ...first, ...change }, damaged };
}

const FAILED = Symbol();

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return FAILED; // a broken percent escape
  }
}
