import { h } from '../dom.js';
import { layerIndex, positionIndex } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { promptText, promptTokenNote } from '../lens/prompt-text.js';
import { cut, isRightToLeft } from '../lens/visible-text.js';
import { shownLayers } from '../state/shown-layers.js';
import type { Store } from '../state/store.js';
import type { CellAddress } from '../state/view-state.js';
import type { Columns } from './columns.js';
import { offsetToShow, within, type Geometry, type Place } from './geometry.js';
import { LONGEST, type Looks } from './look.js';
import { Recycled } from './recycled.js';
import { Row } from './row.js';
import {
  columnWidthFor, HEAD_HEIGHT, LABEL_HEIGHT, LABEL_WIDTH, LOW_ROW, MOST_UNSCROLLED, rowHeightFor, TEXT_HEIGHT, TEXT_WIDTH, type Room,
} from './sizes.js';

/** Columns on both sides of the shown ones that are loaded before they are shown, at least. */
const AHEAD = 64;

let grids = 0;

/**
 * The scrolling grid. Only visible cells have elements. They are on a pane that does not scroll with the element, and
 * the script moves them. So a fast scroll may be a frame late, but never shows a blank.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #pane: HTMLElement;
  readonly #sizer: HTMLElement;
  readonly #heads: Row;
  readonly #rows: Recycled<Row>;
  readonly #edge = h('div', { class: 'sl-beyond', 'aria-hidden': 'true' });
  readonly #lens: Lens;
  readonly #store: Store;
  readonly #looks: Looks;
  readonly #columns: Columns;
  readonly #activeId = `sl-active-${++grids}`;
  readonly #observer: ResizeObserver;
  readonly #room: Room;
  #layers: readonly number[] = [];
  #active: Place = { row: 0, column: 0 };
  #activeElement: Element | undefined;
  #begun = false;
  #fitted = 0;
  #handle: 'column' | 'row' | undefined;

  constructor(lens: Lens, store: Store, looks: Looks, columns: Columns, room: Room) {
    this.#room = room;
    this.#lens = lens;
    this.#store = store;
    this.#looks = looks;
    this.#columns = columns;
    this.#heads = new Row('heads', h('div', { class: 'sl-corner', role: 'columnheader', 'aria-colindex': 1 }, 'layer'));
    this.#heads.element.setAttribute('aria-rowindex', '1');
    const rows = h('div', { class: 'sl-rows', role: 'presentation' });
    this.#rows = new Recycled(rows, layerRow, (row) => row.element);
    this.#pane = h('div', { class: 'sl-pane', role: 'presentation' }, this.#heads.element, rows, this.#edge);
    this.#sizer = h('div', { class: 'sl-sizer', role: 'presentation' }, this.#pane);
    this.element = h('div', { class: 'sl-grid', role: 'grid', tabindex: 0, 'aria-label': 'Layers by tokens' }, this.#sizer);
    this.element.addEventListener('scroll', () => this.#draw(false));
    this.element.addEventListener('pointerdown', ({ target }) => {
      const handle = (target as Element).closest('.sl-handle');
      this.#handle = handle ? (handle.closest('.sl-head') ? 'column' : 'row') : undefined;
    });
    this.#observer = new ResizeObserver(() => {
      this.#begin();
      this.#draw(false);
      // In a frame of its own: it may change the observed sizes.
      cancelAnimationFrame(this.#fitted);
      this.#fitted = requestAnimationFrame(() => this.fit());
    });
    this.#observer.observe(this.element);
    // What is above the grid may change its height.
    this.#observer.observe(document.body);
    this.#layers = shownLayers(lens.run.layers, store.state);
  }

  get geometry(): Geometry {
    const { columnWidth, rowHeight } = this.#store.cellSize.value;
    return { rows: this.#layers.length, columns: this.#lens.run.positions.length, columnWidth, rowHeight };
  }

  /** The keyboard's place. */
  get active(): Place {
    return this.#active;
  }

  /**
   * The edge that the pointer was last pressed on. A click does not tell: it goes to the element that captures the
   * pointer.
   */
  get edge(): 'column' | 'row' | undefined {
    return this.#handle;
  }

  /** Number of fully visible rows. */
  get page(): number {
    return Math.max(1, Math.floor(this.#inner().height / this.geometry.rowHeight));
  }

  /** Gives the cells their chosen size, or else one with which all layers, and all tokens if they are few, are in view. */
  fit(): void {
    const { columnWidth, rowHeight } = this.#store.state;
    const { rows, columns } = this.geometry;
    const room = innerHeight - this.#room.below - (this.element.getBoundingClientRect().top + scrollY);
    this.element.style.maxHeight = rows > MOST_UNSCROLLED ? `${Math.max(260, room)}px` : '';
    const before = this.geometry;
    const around = this.element.parentElement!;
    this.#observer.observe(around);
    const width = around.clientWidth - (this.element.offsetWidth - this.element.clientWidth) - LABEL_WIDTH;
    const size = {
      columnWidth: columnWidth ?? columnWidthFor(width, columns, this.#room.leastColumn),
      rowHeight: rowHeight ?? rowHeightFor(room - HEAD_HEIGHT - 2, rows),
    };
    if (size.columnWidth === before.columnWidth && size.rowHeight === before.rowHeight) return;
    this.#store.cellSize.set(size);
    this.refresh();
  }

  /** Draws everything again. */
  refresh(): void {
    this.#layers = shownLayers(this.#lens.run.layers, this.#store.state);
    const { rows, columns, rowHeight, columnWidth } = this.geometry;
    this.#sizer.style.width = `${LABEL_WIDTH + columns * columnWidth}px`;
    this.#sizer.style.height = `${HEAD_HEIGHT + rows * rowHeight}px`;
    this.element.setAttribute('aria-rowcount', String(rows + 1));
    this.element.setAttribute('aria-colcount', String(columns + 1));
    this.element.classList.toggle('sl-wordless', columnWidth < TEXT_WIDTH || rowHeight < TEXT_HEIGHT);
    this.element.classList.toggle('sl-low', rowHeight < LOW_ROW);
    this.#active = { row: Math.min(this.#active.row, rows - 1), column: this.#active.column };
    this.#draw(true);
  }

  /** Moves the keyboard's place and scrolls it into view. */
  activate(place: Place): void {
    this.#active = place;
    const { rowHeight, columnWidth } = this.geometry;
    const { width, height } = this.#inner();
    const left = offsetToShow(place.column, columnWidth, this.element.scrollLeft, width);
    const top = place.row < 0 ? this.element.scrollTop : offsetToShow(place.row, rowHeight, this.element.scrollTop, height);
    this.element.scrollTo({ left, top, behavior: 'instant' });
    this.#draw(false);
  }

  /** The place under a pointer, in the cells or the heads; undefined beside them. */
  placeAt(x: number, y: number): Place | undefined {
    const box = this.element.getBoundingClientRect();
    const [right, down] = [x - box.left - this.element.clientLeft - LABEL_WIDTH, y - box.top - this.element.clientTop - HEAD_HEIGHT];
    if (right < 0 || right >= this.#inner().width || down >= this.#inner().height) return undefined;
    const { rows, columns, rowHeight, columnWidth } = this.geometry;
    const column = Math.floor((right + this.element.scrollLeft) / columnWidth);
    const row = down < 0 ? -1 : Math.floor((down + this.element.scrollTop) / rowHeight);
    return column < columns && row < rows ? { row, column } : undefined;
  }

  /** The row whose label is under a pointer. */
  labelAt(x: number, y: number): number | undefined {
    const box = this.element.getBoundingClientRect();
    const down = y - box.top - HEAD_HEIGHT;
    const row = Math.floor((down + this.element.scrollTop) / this.geometry.rowHeight);
    return x - box.left < LABEL_WIDTH && down >= 0 && row < this.#layers.length ? row : undefined;
  }

  /** The cell at a place; undefined for heads. */
  address(place: Place): CellAddress | undefined {
    const l = this.#layers[place.row];
    if (l === undefined) return undefined;
    return { layer: this.#lens.run.layers[l]!, position: this.#lens.run.positions[place.column]! };
  }

  /** The place of an address; undefined if its layer or position is not shown. */
  place(address: CellAddress): Place | undefined {
    const row = this.#layers.indexOf(layerIndex(this.#lens.run, address.layer));
    const column = positionIndex(this.#lens.run, address.position);
    return row < 0 || column < 0 ? undefined : { row, column };
  }

  /** The same, or the place of the shown layer before it if a stride or a window leaves the layer out. */
  nearestPlace(address: CellAddress): Place | undefined {
    const l = layerIndex(this.#lens.run, address.layer);
    const column = positionIndex(this.#lens.run, address.position);
    const row = this.#layers.findLastIndex((shown) => shown <= l);
    return l < 0 || column < 0 ? undefined : { row: Math.max(0, row), column };
  }

  /** The indexes in the result of the layers that the rows show. */
  get layers(): readonly number[] {
    return this.#layers;
  }

  /** The element of a visible place. */
  elementAt({ row, column }: Place): HTMLElement | undefined {
    return (row < 0 ? this.#heads : this.#rows.at(row))?.cell(column);
  }

  /** Marks the head and the label of a place. */
  point(place: Place | undefined): void {
    for (const old of this.#pane.querySelectorAll('.sl-pointed')) old.classList.remove('sl-pointed');
    if (place === undefined) return;
    this.#heads.cell(place.column)?.classList.add('sl-pointed');
    this.#rows.at(place.row)?.header.classList.add('sl-pointed');
  }

  /** Shows rows `from .. to` as chosen while a pointer drags over their labels. */
  markRows(from: number, to: number): void {
    this.#rows.forEach((row, index) => row.header.classList.toggle('sl-chosen', index >= from && index <= to));
  }

  /** Scrolls the page to the keyboard's place, which may be outside of the window. */
  reveal(): void {
    const box = this.elementAt(this.#active)?.getBoundingClientRect();
    if (box) scrollBy({ top: Math.min(0, box.top) + Math.max(0, box.bottom - innerHeight), behavior: 'instant' });
  }

  dispose(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#fitted);
  }

  /** Scroll the selected cell into view at first; the size is known only now. */
  #begin(): void {
    if (this.#begun || this.element.clientWidth === 0) return;
    this.#begun = true;
    const { selected } = this.#store.state;
    const place = selected && this.nearestPlace(selected);
    if (place) this.activate(place);
  }

  #inner(): { width: number; height: number } {
    return { width: this.element.clientWidth - LABEL_WIDTH, height: this.element.clientHeight - HEAD_HEIGHT };
  }

  #draw(all: boolean): void {
    const { scrollLeft, scrollTop } = this.element;
    const { rows, columns, rowHeight, columnWidth } = this.geometry;
    const { width, height } = this.#inner();
    this.#pane.style.width = `${this.element.clientWidth}px`;
    this.#pane.style.height = `${this.element.clientHeight}px`;
    const shown = within(scrollLeft, Math.max(0, width), columnWidth, columns);
    const [from, to] = within(scrollTop, Math.max(0, height), rowHeight, rows);
    this.#heads.show(shown, columnWidth, scrollLeft, all, (cell, p) => this.#fillHead(cell, p));
    const fresh = new Set<number>();
    this.#rows.show(from, to, all, (row, index) => {
      fresh.add(index);
      this.#fillRow(row, index);
    });
    this.#rows.forEach((row, index) => {
      row.element.style.transform = `translateY(${index * rowHeight - scrollTop}px)`;
      row.show(shown, columnWidth, scrollLeft, fresh.has(index), (cell, p) => this.#fillCell(cell, index, p));
    });
    this.#edge.textContent = beyond(this.#layers.map((l) => this.#lens.run.layers[l]!), Math.round(scrollTop / rowHeight), Math.floor((scrollTop + height) / rowHeight + 0.1));
    this.#nameActive();
    const [first, end] = this.#store.visibleColumns.value;
    if (first !== shown[0] || end !== shown[1]) this.#store.visibleColumns.set(shown);
    const ahead = Math.max(AHEAD, shown[1] - shown[0]);
    const [near, far] = [shown[0] - ahead, shown[1] + ahead];
    if (width <= 0) return; // not on the page yet
    this.#lens.show(near, far);
    void this.#columns.want(...shown);
    void this.#columns.want(near, far);
  }

  #fillHead(cell: HTMLElement, p: number): void {
    const position = this.#lens.run.positions[p]!;
    const text = cut(promptText(this.#lens.run, position), LONGEST);
    const { positions, selected } = this.#store.state;
    const isCompared = positions.includes(position);
    const names = ['sl-head'];
    if (isCompared) names.push('sl-compared');
    if (selected?.position === position) names.push('sl-main');
    if (position % 5 === 0) names.push('sl-fifth');
    cell.className = names.join(' ');
    cell.title = promptTokenNote(this.#lens.run, position);
    cell.setAttribute('aria-selected', String(isCompared));
    cell.setAttribute('aria-label', `position ${position}: ${text}`);
    cell.replaceChildren(
      h('span', { class: 'sl-number' }, String(position)),
      h('span', { class: isRightToLeft(text) ? 'sl-token sl-rtl' : 'sl-token' }, text),
      h('div', { class: 'sl-handle', role: 'presentation' }),
    );
  }

  #fillRow(row: Row, index: number): void {
    const layer = this.#lens.run.layers[this.#layers[index]!]!;
    const { rowHeight } = this.geometry;
    row.element.style.height = `${rowHeight}px`;
    row.element.style.lineHeight = `${rowHeight}px`;
    // If rows are low, only some have labels.
    const isNamed = index % Math.ceil(LABEL_HEIGHT / rowHeight) === 0;
    row.element.setAttribute('aria-rowindex', String(index + 2));
    row.header.setAttribute('aria-label', layer < 0 ? 'embedding' : `layer ${layer}`);
    row.header.title = layer < 0 ? 'The embedding, before the first block. Drag over labels to show only some layers.' : `The stream after block ${layer}. Drag over labels to show only some layers.`;
    row.header.replaceChildren(
      isNamed ? (layer < 0 ? 'emb' : String(layer)) : '',
      h('div', { class: 'sl-handle', role: 'presentation' }),
    );
  }

  #fillCell(cell: HTMLElement, row: number, p: number): void {
    const l = this.#layers[row]!;
    const look = this.#looks.at(l, p);
    const { layer, position } = this.address({ row, column: p })!;
    const { selected } = this.#store.state;
    const names = ['sl-cell', `sl-${look.state}`];
    const isSelected = selected?.layer === layer && selected.position === position;
    if (isSelected) names.push('sl-selected');
    if (isRightToLeft(look.text)) names.push('sl-rtl');
    if (this.#store.marks.value.get(position)?.has(layer)) names.push('sl-marked');
    if (row > 0 && differs(this.#looks.found(this.#layers[row - 1]!, p), look)) names.push('sl-edge-top');
    if (differs(this.#looks.found(l, p - 1), look)) names.push('sl-edge-left');
    cell.className = names.join(' ');
    cell.setAttribute('aria-label', look.label);
    cell.setAttribute('aria-selected', String(isSelected));
    cell.style.background = look.ink?.background ?? '';
    cell.style.color = look.ink?.text ?? '';
    cell.textContent = look.text;
  }

  #nameActive(): void {
    const element = this.elementAt(this.#active);
    if (this.#activeElement !== element) {
      this.#activeElement?.removeAttribute('id');
      element?.setAttribute('id', this.#activeId);
      this.#activeElement = element;
    }
    // A recycled element is no longer active, and its class was rewritten.
    for (const old of this.#pane.querySelectorAll('.sl-active')) if (old !== element) old.classList.remove('sl-active');
    element?.classList.add('sl-active');
    if (element) this.element.setAttribute('aria-activedescendant', this.#activeId);
    else this.element.removeAttribute('aria-activedescendant');
  }
}

function layerRow(): Row {
  return new Row('layer', h('div', { class: 'sl-label', role: 'rowheader', 'aria-colindex': 1 }));
}

/** The layers above and below the rows `from .. to - 1`, in words; empty if all are in view. */
function beyond(layers: readonly number[], from: number, to: number): string {
  const named = (hidden: readonly number[]) => (hidden.length === 1 ? `layer ${hidden[0]}` : `layers ${hidden[0]} to ${hidden.at(-1)}`);
  const [above, below] = [layers.slice(0, from), layers.slice(to)];
  return [above.length > 0 ? `▴ ${named(above)}` : '', below.length > 0 ? `▾ ${named(below)}` : ''].filter((part) => part !== '').join('   ');
}

function differs(neighbor: boolean | undefined, look: { found: boolean; state: string }): boolean {
  return neighbor !== undefined && look.state === 'ready' && neighbor !== look.found;
}
