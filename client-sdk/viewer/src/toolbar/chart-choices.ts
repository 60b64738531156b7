import './toolbar.css';
import { comparedPositions } from '../chart/curve.js';
import { model } from '../chart/model.js';
import { chartPicture } from '../chart/picture.js';
import { axisOf, describedIn, quantitiesOf, quantityOf, type Axis } from '../chart/quantity.js';
import { curvesTsv } from '../chart/tsv.js';
import { h } from '../dom.js';
import { download, fileName } from '../export/download.js';
import { sourceOf } from '../export/source.js';
import { pngOf } from '../export/png.js';
import type { Lens } from '../lens/lens.js';
import type { Part } from '../part.js';
import type { Store } from '../state/store.js';
import type { ChartQuantity } from '../state/view-state.js';
import { button, choice, menu } from '../controls.js';

const AXES: Readonly<Record<Axis, string>> = { linear: 'linear', log: 'logarithmic' };

/** Controls of the chart: quantity, axis and export. */
export function chartChoices(lens: Lens, store: Store): Part {
  const names = quantitiesOf(lens);
  const quantity = choice('Chart', (value) => choose(value as ChartQuantity));
  const axis = choice('Axis', (value) => store.update({ chartAxis: value as Axis }));
  const said = h('span', { class: 'sl-said', role: 'status' });

  const choose = (chosen: ChartQuantity) => {
    // Each quantity starts on its usual axis.
    store.update({ chartQuantity: chosen, chartAxis: describedIn(lens.run, chosen).axes[0]! });
  };
  const show = () => {
    const shown = quantityOf(lens, store.state.chartQuantity);
    quantity.show(names.map((name) => [name, describedIn(lens.run, name).name]), shown);
    const described = describedIn(lens.run, shown);
    axis.show(described.axes.map((name) => [name, AXES[name]]), axisOf(described, store.state.chartAxis));
  };
  /** Runs an action on the chart once its columns are loaded, and shows the outcome. */
  const doing = (action: () => Promise<string>) => () => {
    const loads = comparedPositions(lens, store.state).map((p) => lens.load(p, p + 1));
    Promise.all(loads).then(action).then(
      (done) => (said.textContent = done),
      (reason: unknown) => (said.textContent = `Not done: ${reason instanceof Error ? reason.message : String(reason)}`),
    );
  };
  const save = (extension: string, content: Blob) => {
    const name = fileName(`${store.state.title} chart`, extension);
    download(name, content);
    return `${name} saved`;
  };
  const picture = () => {
    const style = getComputedStyle(element);
    return chartPicture(lens, store.state, sourceOf(lens, store.state), (property) => style.getPropertyValue(property));
  };
  const actions = menu(
    'Export',
    button('Copy curves as TSV', doing(async () => {
      await navigator.clipboard.writeText(curvesTsv(lens, model(lens, store.state), sourceOf(lens, store.state)));
      return 'Curves copied';
    })),
    button('Save chart as SVG', doing(async () => save('svg', new Blob([picture().text], { type: 'image/svg+xml' })))),
    button('Save chart as PNG', doing(async () => save('png', await pngOf(picture())))),
  );
  const element = h(
    'div',
    { class: 'sl-toolbar', role: 'group', 'aria-label': 'Chart' },
    h('div', { class: 'sl-choices' }, quantity.element, axis.element, h('div', { class: 'sl-actions' }, actions, said)),
  );
  const next = () => choose(names[(names.indexOf(quantityOf(lens, store.state.chartQuantity)) + 1) % names.length]!);
  const end = store.subscribe(show);
  show();
  return { element, shortcuts: [{ key: 'y', does: 'chart the next quantity', run: next }], dispose: end };
}
