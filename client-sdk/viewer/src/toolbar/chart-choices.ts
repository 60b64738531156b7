import './toolbar.css';
import { axisOf, QUANTITIES, quantitiesOf, quantityOf, type Axis } from '../chart/quantity.js';
import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import type { Part } from '../part.js';
import type { Store } from '../state/store.js';
import type { ChartQuantity } from '../state/view-state.js';
import { choice } from './field.js';

const AXES: Readonly<Record<Axis, string>> = { linear: 'linear', log: 'logarithmic' };

/** What the chart shows, and on which axis. */
export function chartChoices(lens: Lens, store: Store): Part {
  const names = quantitiesOf(lens);
  const quantity = choice('Chart', (value) => choose(value as ChartQuantity));
  const axis = choice('Axis', (value) => store.update({ chartAxis: value as Axis }));
  const element = h(
    'div',
    { class: 'sl-toolbar', role: 'group', 'aria-label': 'Chart' },
    h('div', { class: 'sl-choices' }, quantity.element, axis.element),
  );
  const show = () => {
    const shown = quantityOf(lens, store.state.chartQuantity);
    quantity.show(names.map((name) => [name, QUANTITIES[name].name]), shown);
    axis.show(QUANTITIES[shown].axes.map((name) => [name, AXES[name]]), axisOf(shown, store.state.chartAxis));
  };
  const choose = (chosen: ChartQuantity) => {
    // Each quantity begins on its customary axis.
    store.update({ chartQuantity: chosen, chartAxis: QUANTITIES[chosen].axes[0]! });
  };
  const next = () => choose(names[(names.indexOf(quantityOf(lens, store.state.chartQuantity)) + 1) % names.length]!);
  const end = store.subscribe(show);
  show();
  return { element, shortcuts: [{ key: 'y', does: 'chart the next quantity', run: next }], dispose: end };
}
