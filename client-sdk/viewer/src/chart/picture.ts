import { svg } from '../dom.js';
import type { Drawing } from '../export/heatmap-svg.js';
import { CAPTION, captionLines, escaped, fitted } from '../export/svg-text.js';
import type { Lens } from '../lens/lens.js';
import { positionName } from '../lens/names.js';
import type { ViewState } from '../state/view-state.js';
import { chartHeight } from './height.js';
import { model } from './model.js';
import { Plot } from './plot.js';
import { sample, strokeOf } from './stroke.js';
import { subjectName } from './words.js';

const WIDTH = 760;
const LINE = 20;
const MARGIN = 14;
const TITLE = 30;

/**
 * The chart and its legend as a separate drawing, under the view's title, over lines of a caption. Text stays text. Compared columns must be loaded.
 *
 * @param resolved what a custom property such as `--sl-ink` stands for in the view's theme
 */
export function chartPicture(lens: Lens, state: ViewState, caption: readonly string[], resolved: (property: string) => string): Drawing {
  const shown = model(lens, state);
  const height = chartHeight(state.chartHeight);
  const plot = new Plot(lens);
  plot.draw(shown, state, undefined, { width: WIDTH, height });
  const names = shown.rows.flatMap(({ subject, curves }) =>
    curves.map(({ p }, column) => {
      const line = sample(strokeOf(subject, column));
      line.setAttribute('x', String(MARGIN));
      return [line, `${subjectName(lens, subject, shown.quantity)}, position ${positionName(lens, p)}`] as const;
    }),
  );
  const legend = names.flatMap(([line, name], at) => {
    const y = height + 16 + at * LINE;
    line.setAttribute('y', String(y - 9));
    return [line, svg('text', { x: MARGIN + 36, y, fill: 'var(--sl-ink)', 'font-size': 12 }, name)];
  });
  const title = state.title === '' ? 0 : TITLE;
  const below = height + 16 + names.length * LINE;
  const lines = captionLines(caption, WIDTH - 2 * MARGIN).map((line, at) =>
    svg('text', { x: MARGIN, y: below + (at + 1) * CAPTION.line, 'font-size': CAPTION.size }, line),
  );
  const whole = title + below + (lines.length === 0 ? 0 : lines.length * CAPTION.line + MARGIN);
  const { element } = plot;
  element.removeAttribute('aria-hidden');
  for (const [name, value] of Object.entries({ width: WIDTH, height: whole, viewBox: `0 ${-title} ${WIDTH} ${whole}` })) element.setAttribute(name, String(value));
  element.prepend(svg('rect', { y: -title, width: WIDTH, height: whole, fill: 'var(--sl-paper)' }));
  element.append(...legend, ...lines);
  if (title > 0) {
    element.append(svg('text', { x: MARGIN, y: -8, 'font-size': 16, 'font-weight': 600, fill: 'var(--sl-ink)' }, fitted(state.title, WIDTH - 2 * MARGIN, 16)));
  }
  const text = new XMLSerializer().serializeToString(element).replace(/var\((--[\w-]+)\)/g, (_, property: string) => escaped(resolved(property).trim()));
  return { text, width: WIDTH, height: whole };
}
