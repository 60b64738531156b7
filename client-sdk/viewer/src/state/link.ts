import type { Store } from './store.js';
import type { CellAddress, ViewState } from './view-state.js';

/**
 * Fields that two views of comparable results share. Fields with token ids are shared only between equal vocabularies.
 */
const SHARED = [
  'theme', 'color', 'target', 'rankThreshold', 'stride', 'layerWindow', 'down', 'columnWidth', 'rowHeight',
  'chartHeight', 'chartQuantity', 'chartAxis', 'selected', 'positions', 'source',
] as const satisfies readonly (keyof ViewState)[];
const TOKENS = ['colorToken', 'pins'] as const satisfies readonly (keyof ViewState)[];

/** The counterpart of a cell in the other result; undefined if there is none, and then the other view stays. */
export type Mapping = (cell: CellAddress) => CellAddress | undefined;

export interface Linking {
  /** Maps from the first to the second, and back. Without them, layers and positions mean the same in both. */
  readonly forth?: Mapping;
  readonly back?: Mapping;
  /** Whether both have the same vocabulary. */
  readonly sameVocabulary: boolean;
}

/**
 * Lets two views follow each other: selection, layers, color, chart and the hovered cell. Returns a function that ends
 * it.
 */
export function link(first: Store, second: Store, linking: Linking): () => void {
  const keys = linking.sameVocabulary ? [...SHARED, ...TOKENS] : SHARED;
  const same: Mapping = (cell) => cell;
  const ends = [
    follow(first, second, keys, linking.forth ?? same),
    follow(second, first, keys, linking.back ?? same),
    equalScales(first, second),
    equalScales(second, first),
  ];
  return () => ends.forEach((end) => end());
}

function equalScales(from: Store, to: Store): () => void {
  to.otherReach.set(from.reach.value);
  const end = from.reach.subscribe((reach) => to.otherReach.set(reach));
  return () => {
    end();
    to.otherReach.set(undefined);
  };
}

/** Where the change of a view comes from, while it runs: its echo is not sent back there, but on to further views. */
const sources = new WeakMap<Store, Store>();

function follow(from: Store, to: Store, keys: readonly (keyof ViewState)[], map: Mapping): () => void {
  const quietly = (act: () => void) => {
    if (sources.get(from) === to) return;
    sources.set(to, from);
    try {
      act();
    } finally {
      sources.delete(to);
    }
  };
  const endState = from.subscribe((state, before) => {
    const changed = keys.filter((key) => !Object.is(state[key], before[key]));
    if (changed.length > 0) quietly(() => to.update(mapped(state, changed, map)));
  });
  const endHover = from.hover.subscribe((cell) => quietly(() => to.hover.set(cell && map(cell))));
  return () => {
    endState();
    endHover();
  };
}

function mapped(state: ViewState, keys: readonly (keyof ViewState)[], map: Mapping): Partial<ViewState> {
  const change: Record<string, unknown> = Object.fromEntries(keys.map((key) => [key, state[key]]));
  if ('selected' in change && state.selected) {
    const cell = map(state.selected);
    if (cell) change['selected'] = cell;
    else delete change['selected'];
  }
  if ('positions' in change) {
    change['positions'] = state.positions.flatMap((position) => map({ layer: state.selected?.layer ?? 0, position })?.position ?? []);
  }
  if ('layerWindow' in change && state.layerWindow) {
    const ends = state.layerWindow.map((layer) => map({ layer, position: state.selected?.position ?? 0 })?.layer);
    if (ends[0] !== undefined && ends[1] !== undefined) change['layerWindow'] = [ends[0], ends[1]];
    else delete change['layerWindow'];
  }
  return change as Partial<ViewState>;
}
