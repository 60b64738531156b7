import './panel.css';
import { h } from '../dom.js';
import { positionIndex } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { layerName } from '../lens/names.js';
import { grouped } from '../lens/numbers.js';
import type { Part } from '../part.js';
import { button, menu } from '../controls.js';
import { differs, type Store } from '../state/store.js';
import type { CellAddress } from '../state/view-state.js';
import { jumps, type Jump } from './jumps.js';
import { queryOf } from './query.js';
import { nextHit, search, type Found } from './search.js';

/** A further map in which a search marks what it finds. */
export interface Beside {
  readonly name: string;
  readonly lens: Lens;
  readonly store: Store;
}

/** Finds a token anywhere in the grid, and in the one beside it, and jumps to turning points of a position's prediction. */
export function find(lens: Lens, store: Store, other?: Beside): Part {
  const { run } = lens;
  const box = h('input', { type: 'search', placeholder: 'Find a token', 'aria-label': 'Find a token: text, "whole token" or id:464', title: 'Text, "whole token" or id:464' });
  const toggle = (label: string, name: string) => {
    const press = () => {
      switched.setAttribute('aria-pressed', String(!pressed(switched)));
      start();
    };
    const switched = button(label, press, { 'aria-pressed': 'false', title: name });
    return switched;
  };
  const pressed = (button: HTMLElement) => button.getAttribute('aria-pressed') === 'true';
  const caseMatters = toggle('Match case', 'Upper and lower case differ');
  const bestOnly = toggle('Best only', 'Look only at the best token of each cell');
  const before = button('‹', () => step(-1), { title: 'Previous match (N)', 'aria-label': 'Previous match' });
  const after = button('›', () => step(1), { title: 'Next match (n)', 'aria-label': 'Next match' });
  const said = h('output', { 'aria-live': 'polite' });

  let found: Found | undefined;
  let running = new AbortController();
  let elsewhere = '';
  let marker = new Marker(store);

  const show = (now: Found) => {
    found = now;
    marker.mark(now);
    say();
  };
  const say = () => {
    before.disabled = after.disabled = !found || found.cells.length === 0;
    if (!found) return void (said.textContent = '');
    const { cells, searched } = found;
    const { selected } = store.state;
    const at = selected ? cells.findIndex(({ layer, position }) => layer === selected.layer && position === selected.position) : -1;
    const count = cells.length === 0 ? 'no cell' : `${at >= 0 ? `${grouped(at + 1)} of ` : ''}${grouped(cells.length)} ${cells.length === 1 ? 'cell' : 'cells'}`;
    const progress = searched < run.positions.length ? `, ${grouped(searched)} of ${grouped(run.positions.length)} positions searched …` : '';
    said.textContent = count + progress + elsewhere;
  };
  const start = () => {
    running.abort();
    running = new AbortController();
    elsewhere = '';
    marker = new Marker(store);
    const query = queryOf(box.value, pressed(caseMatters));
    if (!query) {
      found = undefined;
      for (const each of [store, other?.store]) each?.marks.set(new Map());
      return say();
    }
    const { signal } = running;
    const failed = (damage: unknown) => {
      if (!signal.aborted) said.textContent = String(damage);
    };
    const places = ({ run }: Lens) => (pressed(bestOnly) ? 1 : run.k);
    search(lens, query, places(lens), show, signal).catch(failed);
    if (!other) return;
    const otherMarker = new Marker(other.store);
    const showOther = (now: Found) => {
      otherMarker.mark(now);
      elsewhere = `, in ${other.name} ${grouped(now.cells.length)}`;
      say();
    };
    search(other.lens, query, places(other.lens), showOther, signal).catch(failed);
  };
  const step = (by: 1 | -1) => {
    const cell = found?.cells[nextHit(found.cells, store.state.selected, by)];
    if (!cell) return;
    store.update({ selected: cell });
  };

  let typing: ReturnType<typeof setTimeout> | undefined;
  box.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(start, 150);
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') {
      box.value = '';
      start();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const leap = async ({ name, find }: Jump) => {
    const at: CellAddress = store.state.selected ?? { layer: run.layers.at(-1)!, position: store.state.positions[0] ?? run.positions.at(-1)! };
    const p = positionIndex(run, at.position);
    if (p < 0) return;
    try {
      await lens.load(p, p + 1);
    } catch (damage) {
      return void (said.textContent = String(damage));
    }
    const l = find(p);
    if (l === undefined) return void (said.textContent = `${name()}: none at position ${at.position}${lens.outcome ? '' : ' so far'}.`);
    store.update({ selected: { layer: run.layers[l]!, position: at.position } });
    said.textContent = `${name()}: ${layerName(lens, l)}.`;
  };
  const leaps = jumps(lens, () => store.state);
  const leapButtons = leaps.map((jump) => button(jump.name(), () => void leap(jump), { title: `Jump to ${jump.does} (${jump.key})` }));
  const element = h(
    'section',
    { class: 'sl-find', 'aria-label': 'Find' },
    h('div', { class: 'sl-find-row', role: 'search' }, box, before, after, h('div', { class: 'sl-find-how' }, caseMatters, bestOnly)),
    said,
    menu('Jump', ...leapButtons),
  );
  const ends = [
    () => running.abort(),
    () => clearTimeout(typing),
    store.subscribe((state, before) => {
      if (differs(state, before, 'rankThreshold')) leaps.forEach(({ name }, at) => (leapButtons[at]!.textContent = name()));
      if (differs(state, before, 'selected')) say();
    }),
    lens.onGrowth(() => {
      clearTimeout(typing);
      if (found) typing = setTimeout(start, 300);
    }),
  ];
  say();
  return {
    element,
    shortcuts: [
      { key: '/', does: 'find a token', run: () => box.focus() },
      { key: 'n', does: 'next match', run: () => step(1) },
      { key: 'N', does: 'previous match', run: () => step(-1) },
      ...leaps.map((jump) => ({ key: jump.key, does: `jump to ${jump.does}`, run: () => void leap(jump) })),
    ],
    dispose: () => ends.forEach((end) => end()),
  };
}

/** Marks the matches of one search in a map. */
class Marker {
  readonly #marks = new Map<number, Set<number>>();
  readonly #store: Store;
  #marked = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Marks those that were found since the last time. */
  mark({ cells }: Found): void {
    for (; this.#marked < cells.length; this.#marked++) {
      const { position, layer } = cells[this.#marked]!;
      this.#marks.set(position, (this.#marks.get(position) ?? new Set()).add(layer));
    }
    this.#store.marks.set(new Map(this.#marks));
  }
}
