import { h } from '../dom.js';
import { layerIndex, positionIndex } from '../lens/address.js';
import { blockOf, isInside } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { isRightToLeft } from '../lens/visible-text.js';
import { shownLayers } from '../state/shown-layers.js';
import type { Store } from '../state/store.js';
import type { CellAddress } from '../state/view-state.js';
import { Axes } from './axes.js';
import type { Columns } from './columns.js';
import type { Geometry, Line, Place } from './geometry.js';
import { drawLayer, drawToken, hiddenLayers } from './heads.js';
import type { Looks } from './look.js';
import { Recycled } from './recycled.js';
import { Row } from './row.js';
import {
  columnWidthFor, LABEL_HEIGHT, LOW_ROW, MOST_UNSCROLLED, rowHeightFor, SIZES, TEXT_HEIGHT, TEXT_WIDTH, type MapSizes, type Room,
} from './sizes.js';

/** Tokens on both sides of the shown ones that are loaded before they are shown, at least. */
const AHEAD = 64;

/** Room of a layer's number, in CSS pixels. */
const NUMBER_WIDTH = 22;

let grids = 0;

/**
 * The scrolling grid. Only visible cells have elements. They are on a pane that does not scroll with the element, and
 * the script moves them. So a fast scroll may be a frame late, but never shows a blank.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #corner = h('div', { class: 'sl-corner', role: 'columnheader', 'aria-colindex': 1 });
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
  #axes: Axes;
  #lines: readonly [down: Line, across: Line];
  #active: Place = { row: 0, column: 0 };
  #activeElement: Element | undefined;
  #begun = false;
  #fitted = 0;
  /** Room of the cells when they were last fitted. */
  #width = 0;
  #handle: 'column' | 'row' | undefined;

  constructor(lens: Lens, store: Store, looks: Looks, columns: Columns, room: Room) {
    this.#room = room;
    this.#lens = lens;
    this.#store = store;
    this.#looks = looks;
    this.#columns = columns;
    this.#axes = this.#turned();
    this.#lines = this.#sized();
    this.#heads = new Row('heads', this.#corner);
    this.#heads.element.setAttribute('aria-rowindex', '1');
    const rows = h('div', { class: 'sl-rows', role: 'presentation' });
    this.#rows = new Recycled(rows, layerRow, (row) => row.element);
    this.#pane = h('div', { class: 'sl-pane', role: 'presentation' }, this.#heads.element, rows, this.#edge);
    this.#sizer = h('div', { class: 'sl-sizer', role: 'presentation' }, this.#pane);
    this.element = h('div', { class: 'sl-grid', role: 'grid', tabindex: 0 }, this.#sizer);
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
  }

  get geometry(): Geometry {
    const { rows, columns, isTokensDown } = this.#axes;
    return { rows, columns, isTokensDown, ...this.#store.cellSize.value };
  }

  /** Width of all cells. */
  get width(): number {
    return this.#lines[1].start(this.#axes.columns);
  }

  get axes(): Axes {
    return this.#axes;
  }

  get sizes(): MapSizes {
    return SIZES[this.#axes.down];
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
    const { depth, tokens, isTokensDown } = this.#axes;
    const [rows, columns] = isTokensDown ? [tokens, depth] : [depth, tokens];
    const { labelWidth, headHeight, leastColumn } = this.sizes;
    const top = this.element.getBoundingClientRect().top + scrollY;
    // One that begins low, such as the second of a narrow page, is scrolled to.
    const room = innerHeight - this.#room.below - (top > innerHeight / 2 ? innerHeight / 4 : top);
    const scrolls = rows > MOST_UNSCROLLED;
    this.element.style.maxHeight = scrolls ? `${Math.max(260, room)}px` : '';
    // The width that fits has room for a scroll bar only if the bar is there whatever the height.
    this.element.style.overflowY = scrolls ? 'scroll' : '';
    const before = this.geometry;
    const around = this.element.parentElement!;
    this.#observer.observe(around);
    const width = around.clientWidth - (this.element.offsetWidth - this.element.clientWidth) - labelWidth;
    const size = {
      columnWidth: columnWidth ?? columnWidthFor(width, columns, this.#room.leastColumn ?? leastColumn),
      rowHeight: rowHeight ?? rowHeightFor(room - headHeight - 2, rows),
    };
    if (size.columnWidth === before.columnWidth && size.rowHeight === before.rowHeight && width === this.#width) return;
    this.#width = width;
    // What the keyboard is at stays in view.
    const isShown = this.#begun && this.elementAt(this.#active) !== undefined;
    this.#store.cellSize.set(size);
    this.refresh();
    if (isShown) this.activate(this.#active);
  }

  /** Draws everything again. */
  refresh(): void {
    const { down } = this.#axes;
    this.#axes = this.#turned();
    this.#lines = this.#sized();
    const { rows, columns, isTokensDown, rowHeight, columnWidth } = this.geometry;
    if (down !== this.#axes.down) this.#active = { row: this.#active.column, column: this.#active.row };
    const { labelWidth, headHeight } = this.sizes;
    this.#sizer.style.width = `${labelWidth + this.width}px`;
    this.#sizer.style.height = `${headHeight + this.#lines[0].start(rows)}px`;
    this.#corner.textContent = isTokensDown ? 'token' : 'layer';
    this.element.setAttribute('aria-label', isTokensDown ? 'Tokens by layers' : 'Layers by tokens');
    this.element.classList.toggle('sl-turned', isTokensDown);
    this.element.setAttribute('aria-rowcount', String(rows + 1));
    this.element.setAttribute('aria-colcount', String(columns + 1));
    this.element.classList.toggle('sl-wordless', columnWidth < TEXT_WIDTH || rowHeight < TEXT_HEIGHT);
    this.element.classList.toggle('sl-low', rowHeight < LOW_ROW);
    this.#active = { row: Math.min(this.#active.row, rows - 1), column: Math.min(this.#active.column, columns - 1) };
    this.#draw(true);
  }

  /** Moves the keyboard's place and scrolls it into view. */
  activate(place: Place): void {
    this.#active = place;
    const [down, across] = this.#lines;
    const { width, height } = this.#inner();
    const left = place.column < 0 ? this.element.scrollLeft : across.toShow(place.column, this.element.scrollLeft, width);
    const top = place.row < 0 ? this.element.scrollTop : down.toShow(place.row, this.element.scrollTop, height);
    this.element.scrollTo({ left, top, behavior: 'instant' });
    this.#draw(false);
  }

  /** Scrolls to a token. */
  showFrom(token: number): void {
    const [down, across] = this.#lines;
    if (this.#axes.isTokensDown) this.element.scrollTop = down.start(token);
    else this.element.scrollLeft = across.start(token);
  }

  /** The cell, or the head of a token or a layer, under a pointer; undefined beside them. */
  placeAt(x: number, y: number): Place | undefined {
    const box = this.element.getBoundingClientRect();
    const { labelWidth, headHeight } = this.sizes;
    const [right, down] = [x - box.left - this.element.clientLeft - labelWidth, y - box.top - this.element.clientTop - headHeight];
    const { width, height } = this.#inner();
    if (right >= width || down >= height || (right < 0 && down < 0)) return undefined;
    const { rows, columns } = this.#axes;
    const [lines, across] = this.#lines;
    const column = right < 0 ? -1 : Math.floor(across.place(right + this.element.scrollLeft));
    const row = down < 0 ? -1 : Math.floor(lines.place(down + this.element.scrollTop));
    return column < columns && row < rows ? { row, column } : undefined;
  }

  /** The shown layer whose head is under a pointer. */
  layerAt(x: number, y: number): number | undefined {
    const place = this.placeAt(x, y);
    return place && this.#axes.tokenAt(place) < 0 ? this.#axes.layerAt(place) : undefined;
  }

  /** The cell at a place; undefined for heads. */
  address(place: Place): CellAddress | undefined {
    const layer = this.#lens.run.layers[this.#axes.layers[this.#axes.layerAt(place)]!];
    const position = this.#lens.run.positions[this.#axes.tokenAt(place)];
    return layer === undefined || position === undefined ? undefined : { layer, position };
  }

  /** The place of an address; undefined if its layer or position is not shown. */
  place(address: CellAddress): Place | undefined {
    const layer = this.#axes.layers.indexOf(layerIndex(this.#lens.run, address.layer));
    const token = positionIndex(this.#lens.run, address.position);
    return layer < 0 || token < 0 ? undefined : this.#axes.place(layer, token);
  }

  /** The same, or the place of the shown layer before it if a stride or a window leaves the layer out. */
  nearestPlace(address: CellAddress): Place | undefined {
    const l = layerIndex(this.#lens.run, address.layer);
    const token = positionIndex(this.#lens.run, address.position);
    const layer = this.#axes.layers.findLastIndex((shown) => shown <= l);
    return l < 0 || token < 0 ? undefined : this.#axes.place(Math.max(0, layer), token);
  }

  /** The element of a visible place. */
  elementAt({ row, column }: Place): HTMLElement | undefined {
    const line = row < 0 ? this.#heads : this.#rows.at(row);
    return column < 0 ? line?.header : line?.cell(column);
  }

  /** Marks the head and the label of a place. */
  point(place: Place | undefined): void {
    for (const old of this.#pane.querySelectorAll('.sl-pointed')) old.classList.remove('sl-pointed');
    if (place === undefined) return;
    this.#heads.cell(place.column)?.classList.add('sl-pointed');
    this.#rows.at(place.row)?.header.classList.add('sl-pointed');
  }

  /** Shows the layers `from .. to` as chosen while a pointer drags over their heads. */
  markLayers(from: number, to: number): void {
    for (let layer = 0; layer < this.#axes.layers.length; layer++) {
      this.elementAt(this.#axes.place(layer, -1))?.classList.toggle('sl-chosen', layer >= from && layer <= to);
    }
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
    const { labelWidth, headHeight } = this.sizes;
    return { width: this.element.clientWidth - labelWidth, height: this.element.clientHeight - headHeight };
  }

  #turned(): Axes {
    const { run } = this.#lens;
    const shown = shownLayers(run.layers, this.#store.state);
    return new Axes(this.#store.state.down, shown, run.positions.length, shown.map((l) => isInside(run.layers[l]!)));
  }

  #sized(): readonly [Line, Line] {
    const { rowHeight, columnWidth } = this.#store.cellSize.value;
    return this.#axes.lines(rowHeight, columnWidth);
  }

  #draw(all: boolean): void {
    const { scrollLeft, scrollTop } = this.element;
    const { isTokensDown, columnWidth } = this.geometry;
    const [down, across] = this.#lines;
    const { width, height } = this.#inner();
    this.#pane.style.width = `${this.element.clientWidth}px`;
    this.#pane.style.height = `${this.element.clientHeight}px`;
    const shown = across.within(scrollLeft, Math.max(0, width));
    const [from, to] = down.within(scrollTop, Math.max(0, height));
    this.#heads.show(shown, across, scrollLeft, all, (cell, column, place) => {
      cell.style.cssText = place;
      this.#fillHead(cell, 'sl-head', column, columnWidth / NUMBER_WIDTH);
    });
    const fresh = new Set<number>();
    this.#rows.show(from, to, all, (row, index) => {
      fresh.add(index);
      this.#fillRow(row, index);
    });
    this.#rows.forEach((row, index) => {
      row.element.style.transform = `translateY(${down.start(index) - scrollTop}px)`;
      row.show(shown, across, scrollLeft, fresh.has(index), (cell, column, place) => this.#fillCell(cell, { row: index, column }, place));
    });
    const layers = this.#axes.layers.map((l) => this.#lens.run.layers[l]!);
    const hidden = isTokensDown ? hiddenLayers(layers, across.place(scrollLeft), across.place(scrollLeft + width), '◂▸') : hiddenLayers(layers, down.place(scrollTop), down.place(scrollTop + height), '▴▾');
    // A text that is set again is laid out again.
    if (this.#edge.textContent !== hidden) this.#edge.textContent = hidden;
    this.#nameActive();
    const tokens: [number, number] = isTokensDown ? [from, to] : shown;
    const [first, end] = this.#store.visibleColumns.value;
    if (first !== tokens[0] || end !== tokens[1]) this.#store.visibleColumns.set(tokens);
    const ahead = Math.max(AHEAD, tokens[1] - tokens[0]);
    const [near, far] = [tokens[0] - ahead, tokens[1] + ahead];
    if (width <= 0) return; // not on the page yet
    this.#lens.show(near, far);
    void this.#columns.want(...tokens);
    void this.#columns.want(near, far);
  }

  /** Heads that are too near to each other for a text are named at intervals; `room` is how many texts fit in one. */
  #fillHead(head: HTMLElement, kind: 'sl-head' | 'sl-label', index: number, room: number): void {
    const each = Math.ceil(1 / room);
    if (this.#axes.isTokensDown === (kind === 'sl-label')) return drawToken(head, kind, this.#lens, this.#store.state, index, index % each === 0 || kind === 'sl-head');
    const { layers, thin } = this.#axes;
    const layer = this.#lens.run.layers[layers[index]!]!;
    drawLayer(head, kind, layer, !thin[index] && (thin.includes(true) ? blockOf(layer) : index) % each === 0);
  }

  #fillRow(row: Row, index: number): void {
    const { rowHeight } = this.geometry;
    row.element.style.height = row.element.style.lineHeight = `${this.#lines[0].extent(index)}px`;
    row.element.setAttribute('aria-rowindex', String(index + 2));
    this.#fillHead(row.header, 'sl-label', index, rowHeight / LABEL_HEIGHT);
  }

  /** Hundreds in a frame: what is as it was is not set again, and the style is set at once. */
  #fillCell(cell: HTMLElement, { row, column }: Place, place: string): void {
    const { l, p } = this.#indexes({ row, column });
    const look = this.#looks.at(l, p);
    const [layer, position] = [this.#lens.run.layers[l]!, this.#lens.run.positions[p]!];
    const { selected } = this.#store.state;
    const names = ['sl-cell', `sl-${look.state}`];
    const isSelected = selected?.layer === layer && selected.position === position;
    if (isSelected) names.push('sl-selected');
    if (isRightToLeft(look.text)) names.push('sl-rtl');
    if (isInside(layer)) names.push('sl-thin');
    if (this.#store.marks.value.get(position)?.has(layer)) names.push('sl-marked');
    if (this.#isEdge(row && { row: row - 1, column }, l, p)) names.push('sl-edge-top');
    if (this.#isEdge(column && { row, column: column - 1 }, l, p)) names.push('sl-edge-left');
    cell.className = names.join(' ');
    cell.setAttribute('aria-label', look.label);
    if ((cell.getAttribute('aria-selected') === 'true') !== isSelected || !cell.firstChild) cell.setAttribute('aria-selected', String(isSelected));
    cell.style.cssText = look.ink ? `${place};background:${look.ink.background};color:${look.ink.text}` : place;
    if (cell.firstChild) cell.firstChild.nodeValue = look.text;
    else cell.append(look.text);
  }

  #indexes(place: Place): { l: number; p: number } {
    return { l: this.#axes.layers[this.#axes.layerAt(place)]!, p: this.#axes.tokenAt(place) };
  }

  /** Whether the outline runs between a cell and its neighbor; 0 is none. */
  #isEdge(neighbor: Place | 0, l: number, p: number): boolean {
    if (!neighbor) return false;
    const other = this.#indexes(neighbor);
    const [here, there] = [this.#looks.isInside(l, p), this.#looks.isInside(other.l, other.p)];
    return here !== undefined && there !== undefined && here !== there;
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
