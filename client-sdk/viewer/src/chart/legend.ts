import { button } from '../controls.js';
import { h, replaceContent, table } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import { withPinsGrouped, withPinSplit } from '../state/pins.js';
import type { Store } from '../state/store.js';
import type { Curve } from './curve.js';
import { dragTo } from './drag.js';
import type { Model, Row } from './model.js';
import { sample, strokeOf } from './stroke.js';
import { layerName, positionName } from '../lens/names.js';
import { subjectName } from './words.js';

/**
 * The legend names the curves and shows their values at the layer of the cross-hair. It unpins tokens, and groups them:
 * drag one onto another, or pick several and press g.
 */
export class Legend {
  readonly element = h('div', { class: 'sl-curves' });
  #model: Model | undefined;
  #readings: { readonly cell: HTMLElement; readonly curve: Curve }[] = [];
  #layer = h('bdi', { class: 'sl-curves-layer sl-cut' });
  #picked = new Set<number>();

  constructor(
    readonly lens: Lens,
    readonly store: Store,
  ) {
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('pointerdown', (event) => {
      dragTo(event, this.element, '[data-pin]', (from, to) => this.#group([Number(from.dataset['pin']), Number(to.dataset['pin'])]));
    });
  }

  draw(model: Model): void {
    this.#model = model;
    this.#readings = [];
    this.#picked = new Set([...this.#picked].filter((place) => place in this.store.state.pins));
    const rows = model.rows.map((row) => this.#row(row));
    const heads = [h('th', { scope: 'col' }, this.#layer), ...model.positions.map((p, column) => this.#position(p, column)), h('td', {})];
    const picked = this.#picked.size > 1 ? [this.#button('group', 'Group', 'Sum the picked tokens into one curve (g)', () => this.#group([...this.#picked]))] : [];
    replaceContent(this.element, table(heads, rows), ...picked, ...this.#hint(model));
  }

  /** Shows the values of the curves at a layer, with the trajectory of a hovered cell. */
  read(l: number, hovered: Curve | undefined): void {
    if (l < 0) return; // no layer has arrived yet
    const { quantity, described: { reading } } = this.#model!;
    for (const { cell, curve } of this.#readings) cell.textContent = reading(curve.values[l]!);
    const name = hovered && subjectName(this.lens, hovered.subject, quantity);
    this.#layer.textContent = layerName(this.lens, l) + (hovered ? `: ${name} ${reading(hovered.values[l]!)}` : '');
  }

  #position(p: number, column: number): HTMLElement {
    const position = this.lens.run.positions[p]!;
    const compared = this.store.state.positions;
    const remove = compared.includes(position) && position !== this.store.state.selected?.position
      ? [this.#button(`position ${position}`, '×', `Stop comparing position ${position}`, () => {
          this.store.update({ positions: compared.filter((other) => other !== position) });
        })]
      : [];
    const name = h('bdi', { class: 'sl-cut' }, positionName(this.lens, p));
    const line = sample(strokeOf(this.#model!.rows[0]?.subject.kind === 'cell' ? { kind: 'cell' } : { kind: 'target', place: 0 }, column));
    return h('th', { scope: 'col' }, line, name, ...remove);
  }

  #row({ subject, curves }: Row): HTMLElement {
    const name = subjectName(this.lens, subject, this.#model!.quantity);
    const cells = curves.map((curve) => {
      const cell = h('td', { class: 'sl-value' });
      this.#readings.push({ cell, curve });
      return cell;
    });
    const gaps = this.#gaps(curves);
    const swatch = subject.kind === 'cell' ? [] : [sample(strokeOf(subject, 0))];
    if (subject.kind !== 'pin') return h('tr', {}, h('th', { scope: 'row' }, ...swatch, h('bdi', { class: 'sl-cut' }, name), ...gaps), ...cells, h('td', {}));
    const { place, ids } = subject;
    const about = {
      class: 'sl-pick', 'data-key': `pick ${ids}`, 'aria-pressed': String(this.#picked.has(place)),
      title: `${ids.map((id) => `id ${id}`).join(' + ')}. Click to pick. Drag onto another token to sum them.`,
    };
    const pick = button('', () => this.#pick(place), about, ...swatch, h('bdi', { class: 'sl-cut' }, name));
    const split = ids.length > 1 ? [this.#button(`split ${ids}`, 'split', `Split ${name} into separate curves (u)`, () => this.#split(place))] : [];
    const remove = this.#button(`unpin ${ids}`, '×', `Unpin ${name} (Delete)`, () => this.#unpin(place));
    return h('tr', { 'data-pin': place }, h('th', { scope: 'row' }, pick, ...gaps), ...cells, h('td', {}, ...split, remove));
  }

  /** Explains the gaps of a curve. */
  #gaps(curves: readonly Curve[]): HTMLElement[] {
    const cells = curves.reduce((sum, { gaps }) => sum + gaps, 0);
    if (cells === 0) return [];
    const said = cells === curves.length * this.lens.layersReady ? 'not recorded' : `${cells} not recorded`;
    const why = 'The result has no value here: the token is neither in the top k, nor a target, nor tracked. It is not 0. To record it at each layer, compute the result again with the token as a target (--target).';
    return [h('small', { title: why }, said)];
  }

  #hint({ rows, described }: Model): HTMLElement[] {
    if (rows.length > 0) return [];
    return [h('p', {}, `No token is pinned. Click a token in the list of a cell, or press Enter on it, to draw its ${described.name.toLowerCase()} here.`)];
  }

  #button(key: string, label: string, name: string, act: () => void): HTMLElement {
    return button(label, act, { 'data-key': key, 'aria-label': name, title: name });
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-pin]');
    const place = row ? Number(row.dataset['pin']) : undefined;
    if (event.key === 'g') this.#group([...this.#picked]);
    else if (event.key === 'u' && place !== undefined) this.#split(place);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && place !== undefined) this.#unpin(place);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.#step(event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(by: number): void {
    const buttons = [...this.element.querySelectorAll<HTMLElement>('.sl-pick')];
    const row = document.activeElement?.closest('tr');
    buttons[buttons.findIndex((button) => button.closest('tr') === row) + by]?.focus();
  }

  #pick(place: number): void {
    if (!this.#picked.delete(place)) this.#picked.add(place);
    this.#redraw();
  }

  #group(places: readonly number[]): void {
    this.#picked.clear();
    const pins = withPinsGrouped(this.store.state.pins, places);
    if (pins === this.store.state.pins) return this.#redraw();
    this.store.update({ pins });
    const grouped = Math.min(...places);
    this.element.querySelector<HTMLElement>(`[data-pin="${grouped}"] .sl-pick`)?.focus({ preventScroll: true });
  }

  #split(place: number): void {
    this.#picked.clear();
    this.store.update({ pins: withPinSplit(this.store.state.pins, place) });
    this.element.querySelector<HTMLElement>(`[data-pin="${place}"] .sl-pick`)?.focus({ preventScroll: true });
  }

  #unpin(place: number): void {
    this.#picked.clear();
    const pins = this.store.state.pins.filter((_, other) => other !== place);
    this.store.update({ pins });
    const next = Math.min(place, pins.length - 1);
    this.element.querySelector<HTMLElement>(`[data-pin="${next}"] .sl-pick`)?.focus({ preventScroll: true });
  }

  #redraw(): void {
    const reading = this.#readings.map(({ cell }) => cell.textContent);
    this.draw(this.#model!);
    this.#readings.forEach(({ cell }, at) => (cell.textContent = reading[at] ?? ''));
  }
}
