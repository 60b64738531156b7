import type { Store } from './store.js';
import type { CellAddress, ViewState } from './view-state.js';

/** What two views of comparable results share. What speaks of tokens by id is shared only between equal vocabularies. */
const SHARED = [
  'theme', 'color', 'target', 'rankThreshold', 'stride', 'layerWindow', 'columnWidth', 'rowHeight', 'chartHeight',
  'chartQuantity', 'chartAxis', 'selected', 'positions',
] as const satisfies readonly (keyof ViewState)[];
const TOKENS = ['colorToken', 'pins'] as const satisfies readonly (keyof ViewState)[];

/** Where a cell of one result lies in the other; undefined where it has none there, and the other view stays as it is. */
export type Mapping = (cell: CellAddress) => CellAddress | undefined;

export interface Linking {
  /** From the first to the second, and back; without them layers and positions mean the same in both. */
  readonly forth?: Mapping;
  readonly back?: Mapping;
  /** Whether ids mean the same tokens in both. */
  readonly sameVocabulary: boolean;
}

/** Lets each of two views follow the other: selection, layers, color, chart and the hovered cell. Returns what ends it. */
export function link(first: Store, second: Store, linking: Linking): () => void {
  const keys = linking.sameVocabulary ? [...SHARED, ...TOKENS] : SHARED;
  const same: Mapping = (cell) => cell;
  const ends = [
    follow(first, second, keys, linking.forth ?? same),
    follow(second, first, keys, linking.back ?? same),
  ];
  return () => ends.forEach((end) => end());
}

/** While an update runs through one view, its echo from the other is not sent back. */
const busy = new WeakSet<Store>();

function follow(from: Store, to: Store, keys: readonly (keyof ViewState)[], map: Mapping): () => void {
  const quietly = (act: () => void) => {
    if (busy.has(from)) return;
    busy.add(to);
    try {
      act();
    } finally {
      busy.delete(to);
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
