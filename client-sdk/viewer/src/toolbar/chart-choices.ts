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
import type { Part } from '../part.js';
import type { ChartQuantity } from '../state/view-state.js';
import { button, choice, menu, telling } from '../controls.js';
import { SideChoice, type Side } from './side.js';

const AXES: Readonly<Record<Axis, string>> = { linear: 'linear', log: 'logarithmic' };

/** Controls of the charts: quantity, axis and export. Of several sides the first is controlled, and the others follow it. */
export function chartChoices(sides: readonly [Side, ...Side[]]): Part {
  const [{ lens, store }] = sides;
  const exported = new SideChoice(sides);
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
  const doing = (action: (side: Side) => Promise<string>) => () =>
    void telling(said, async () => {
      const { lens, store } = exported.chosen;
      await Promise.all(comparedPositions(lens, store.state).map((p) => lens.load(p, p + 1)));
      return action(exported.chosen);
    });
  const save = ({ store }: Side, extension: string, content: Blob) => {
    const name = fileName(`${store.state.title} chart`, extension);
    download(name, content);
    return `${name} saved`;
  };
  const picture = ({ lens, store }: Side) => {
    const style = getComputedStyle(element);
    return chartPicture(lens, store.state, sourceOf(lens, store.state), (property) => style.getPropertyValue(property));
  };
  const actions = menu(
    'Export',
    ...exported.elements,
    button('Copy curves as TSV', doing(async ({ lens, store }) => {
      await navigator.clipboard.writeText(curvesTsv(lens, model(lens, store.state), sourceOf(lens, store.state)));
      return 'Curves copied';
    })),
    button('Save chart as SVG', doing(async (side) => save(side, 'svg', new Blob([picture(side).text], { type: 'image/svg+xml' })))),
    button('Save chart as PNG', doing(async (side) => save(side, 'png', await pngOf(picture(side))))),
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
