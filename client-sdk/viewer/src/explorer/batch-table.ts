import { h, table } from '../dom.js';
import { crystallization } from '../lens/milestones.js';
import { layerName, shortText } from '../lens/names.js';
import { percent } from '../lens/numbers.js';
import type { GatheredLens } from '../lens/gathered-lens.js';

/** What each prompt of a template is answered with; a click shows that result. */
export function batchTable(lens: GatheredLens, open: (p: number) => void): HTMLElement {
  const rows = lens.gathered.map(({ name }, p) => {
    const { token, logProb } = lens.run.finalTops[p]!;
    const l = crystallization(lens, p);
    const show = h('button', { type: 'button', class: 'ex-link' }, h('bdi', {}, name));
    show.addEventListener('click', () => open(p));
    return h(
      'tr',
      {},
      h('td', {}, show),
      h('td', {}, h('bdi', {}, shortText(token.text))),
      h('td', { class: 'sl-value' }, percent(Math.exp(logProb))),
      h('td', { class: 'sl-value' }, l === undefined ? '–' : layerName(lens, l)),
    );
  });
  const head = ['Values', 'Answer', 'Probability', 'On top from'].map((name) => h('th', { scope: 'col' }, name));
  return h('div', { class: 'ex-batch', tabindex: 0, role: 'group', 'aria-label': 'Answers' }, table(head, rows));
}
