import { coloring as coloringOf, type Coloring } from '../color/coloring.js';
import { Scale, type Ink } from '../color/scale.js';
import { Axes } from '../heatmap/axes.js';
import type { Line } from '../heatmap/geometry.js';
import { isInside, shortLayer } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { promptText } from '../lens/prompt-text.js';
import { isolated, visibleText } from '../lens/visible-text.js';
import { shownLayers, strideNote } from '../state/shown-layers.js';
import type { CellSize } from '../state/store.js';
import type { ViewState } from '../state/view-state.js';
import { CAPTION, captionLines, escaped, fitted, tag } from './svg-text.js';

const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
const MARGIN = 16;
const HEADS = { layers: { width: 48, height: 40 }, tokens: { width: 132, height: 22 } };
const LEGEND = 220;
/** Room for the legend and its name. */
const LEAST_WIDTH = 560;

/** Colors of the cells, and of everything around them. */
interface Paper {
  readonly scale: Scale;
  readonly paper: string;
  readonly ink: string;
  readonly faint: string;
  readonly missing: string;
}

const LIGHT: Omit<Paper, 'scale'> = { paper: '#ffffff', ink: '#1c1d21', faint: '#5d606b', missing: '#ececea' };
const DARK: Omit<Paper, 'scale'> = { paper: '#14161a', ink: '#e8e8e4', faint: '#a0a4ae', missing: '#1c1f25' };

/** A view with the size that its cells have. */
export type SizedView = Omit<ViewState, keyof CellSize> & CellSize;

/** What of a heat map is drawn, and what is around it. */
export interface Extent {
  /** Columns `from .. to - 1`, which must be loaded. */
  readonly columns: readonly [number, number];
  /** Indexes in the result; those that the view shows, unless given. */
  readonly layers?: readonly number[];
  /** Parts of the lines below; none without any. */
  readonly caption?: readonly string[];
  /** Whether it is one of several pictures under one title and legend. */
  readonly isBand?: boolean;
  /** That of the view in the result, unless given. */
  readonly coloring?: Coloring;
}

/** A drawing and its size in CSS pixels. */
export interface Drawing {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** The heat map as the view shows it: its layers, colors and what runs down. Text stays text. */
export function heatMapSvg(lens: Lens, view: SizedView, dark: boolean, { columns, layers = shownLayers(lens.run.layers, view), caption = [], isBand = false, coloring }: Extent): Drawing {
  const colors = coloring ?? coloringOf(lens, view);
  const paper: Paper = { ...(dark ? DARK : LIGHT), scale: Scale.of(colors.ramp, dark) };
  const tokens = range(...columns);
  const isTurned = view.down === 'tokens';
  const [across, down] = isTurned ? [layers, tokens] : [tokens, layers];
  const heads = HEADS[view.down];
  const thin = layers.map((l) => isInside(lens.run.layers[l]!));
  const lines = new Axes(view.down, layers, tokens.length, thin).lines(view.rowHeight, view.columnWidth);
  const hasTitle = !isBand && view.title !== '';
  const top = isBand ? 0 : MARGIN + (hasTitle ? 30 : 0) + 44;
  const width = Math.max(2 * MARGIN + heads.width + lines[1].start(across.length), isBand ? 0 : LEAST_WIDTH);
  const below = top + heads.height + lines[0].start(down.length);
  const notes = captionLines(caption, width - 2 * MARGIN);
  const height = below + MARGIN + notes.length * CAPTION.line;
  const grid = [
    ...tokens.flatMap((p, at) => tokenHead(lens, p, at, view, paper)),
    ...layers.map((l, at) => (thin[at] ? '' : layerHead(lens.run.layers[l]!, isTurned ? { x: lines[1].start(at) + 5, y: -7 } : { x: -8, y: (lines[0].start(at) + lines[0].start(at + 1)) / 2 + 4, 'text-anchor': 'end' }, paper))),
    ...layers.flatMap((l, layer) =>
      tokens.map((p, token) => cell(lens, lines, colors, paper, { l, p, ...(isTurned ? { row: token, column: layer } : { row: layer, column: token }) })),
    ),
    outline(lines, [down.length, across.length], paper, (row, column) => {
      const [l, p] = isTurned ? [layers[column], tokens[row]] : [layers[row], tokens[column]];
      return l !== undefined && p !== undefined && l < lens.layersReady && colors.isInside(l, p) === true;
    }),
  ];
  const text = tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': FONT,
      'font-size': 12,
      'xml:space': 'preserve',
    },
    tag('rect', { width, height, fill: paper.paper }),
    !hasTitle ? '' : tag('text', { x: MARGIN, y: MARGIN + 16, 'font-size': 16, 'font-weight': 600, fill: paper.ink }, escaped(fitted(view.title.split(' ').map(visible).join(' '), width - 2 * MARGIN, 16))),
    isBand ? '' : legend(colors, view, paper, top - 44, width),
    tag('g', { transform: `translate(${MARGIN + heads.width} ${top + heads.height})` }, ...grid),
    ...notes.map((line, at) => tag('text', { x: MARGIN, y: below + (at + 1) * CAPTION.line, 'font-size': CAPTION.size, fill: paper.faint }, escaped(line))),
  );
  return { text, width, height };
}

function legend(colors: Coloring, view: SizedView, paper: Paper, y: number, width: number): string {
  const left = width - MARGIN - LEGEND - 12;
  const at = (level: number) => left + LEGEND * Math.min(1, Math.max(0, level));
  const steps = 44;
  if (colors.discrete) return [legendName(colors, view, paper, y, left), ...swatches(colors, paper, left, y)].join('');
  const colored = range(0, steps).map((i) =>
    tag('rect', { x: left + (LEGEND * i) / steps, y, width: LEGEND / steps + 0.5, height: 10, fill: paper.scale.at(i / (steps - 1)).background }),
  );
  const ticks = colors.ticks.map((tick) =>
    tag('text', { x: at(tick.level), y: y + 22, 'font-size': 10, 'text-anchor': 'middle', fill: paper.faint }, escaped(tick.label)),
  );
  const threshold = colors.threshold && tag('rect', { x: at(colors.threshold.level) - 1, y: y - 2, width: 2, height: 14, fill: paper.ink });
  return [legendName(colors, view, paper, y, left), ...colored, threshold ?? '', ...ticks].join('');
}

function legendName(colors: Coloring, view: SizedView, paper: Paper, y: number, left: number): string {
  const note = [strideNote(view.stride), colors.outline && `outlined: ${colors.outline}`].filter(Boolean).join(' · ');
  return (
    tag('text', { x: MARGIN, y: y + 9, 'font-weight': 600, fill: paper.ink }, escaped(fitted(colors.name, left - 2 * MARGIN, 12))) +
    (note === '' ? '' : tag('text', { x: MARGIN, y: y + 24, 'font-size': 11, fill: paper.faint }, escaped(note)))
  );
}

function swatches(colors: Coloring, paper: Paper, left: number, y: number): string[] {
  return colors.ticks.flatMap((tick, i) => {
    const x = left + (i * LEGEND) / 2;
    return [
      tag('rect', { x, y, width: 14, height: 10, fill: paper.scale.at(tick.level).background }),
      tag('text', { x: x + 20, y: y + 9, 'font-size': 11, fill: paper.faint }, escaped(tick.label)),
    ];
  });
}

/** The number and the text of a token: above its column, or left of its row. */
function tokenHead(lens: Lens, p: number, at: number, view: SizedView, paper: Paper): string[] {
  const position = lens.run.positions[p]!;
  const isLeft = view.down === 'tokens';
  const [x, y] = isLeft ? [34 - HEADS.tokens.width, (at + 0.5) * view.rowHeight + 4] : [at * view.columnWidth + 5, -7];
  const token = fitted(isolated(promptText(lens.run, position)), isLeft ? 92 : view.columnWidth - 8, 12.5);
  return [
    tag('text', { x: isLeft ? x - 6 : x, y: isLeft ? y : -22, 'text-anchor': isLeft ? 'end' : undefined, 'font-size': 10, fill: paper.faint }, String(position)),
    tag('text', { x, y, 'font-weight': 600, fill: paper.ink }, escaped(token)),
  ];
}

function layerHead(layer: number, place: Record<string, string | number>, paper: Paper): string {
  return tag('text', { ...place, fill: paper.faint }, shortLayer(layer));
}

function cell(
  lens: Lens,
  [rows, columns]: readonly [Line, Line],
  colors: Coloring,
  paper: Paper,
  { l, p, row, column }: { l: number; p: number; row: number; column: number },
): string {
  const [x, y, columnWidth, rowHeight] = [columns.start(column), rows.start(row), columns.extent(column), rows.extent(row)];
  const ready = l < lens.layersReady;
  const level = ready ? colors.level(l, p) : undefined;
  const ink: Ink = level === undefined ? { background: paper.missing, text: paper.faint } : paper.scale.at(level);
  const background = tag('rect', { x, y, width: columnWidth - 1, height: rowHeight - 1, fill: ink.background });
  if (!ready || rowHeight < 14 || isInside(lens.run.layers[l]!)) return background;
  const size = Math.min(12, rowHeight - 4);
  const shown = colors.word(l, p) ?? visible(lens.prediction(l, p, 0).token.text);
  const word = fitted(shown, columnWidth - 9, size);
  if (word === '') return background;
  return background + tag('text', { x: x + 5, y: y + rowHeight / 2 + size / 3, 'font-size': size, fill: ink.text }, escaped(word));
}

/** One line around the cells inside of an outline, along the gaps between cells. */
function outline([rows, columns]: readonly [Line, Line], [height, width]: readonly [number, number], paper: Paper, isInside: (row: number, column: number) => boolean): string {
  const edges = range(0, height + 1).flatMap((row) =>
    range(0, width + 1).flatMap((column) => {
      const here = isInside(row, column);
      const place = `M${columns.start(column) - 0.5} ${rows.start(row) - 0.5}`;
      return [
        ...(here === isInside(row - 1, column) ? [] : [`${place}h${columns.extent(column)}`]),
        ...(here === isInside(row, column - 1) ? [] : [`${place}v${rows.extent(row)}`]),
      ];
    }),
  );
  return edges.length === 0 ? '' : tag('path', { d: edges.join(''), fill: 'none', stroke: paper.ink, 'stroke-width': 2, 'stroke-linecap': 'square' });
}

/** A drawing shows no more of a text than a cell could hold. */
function visible(text: string): string {
  return isolated(visibleText(text.slice(0, 200)));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
