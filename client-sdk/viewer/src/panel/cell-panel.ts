import './panel.css';
import { targetName } from '../color/modes.js';
import { button } from '../controls.js';
import { h, replaceContent, table } from '../dom.js';
import { sourceOf } from '../export/source.js';
import { cellTsv } from '../export/tsv.js';
import { layerIndex, positionIndex } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { inputName, layerName, shortText } from '../lens/names.js';
import { decimal, grouped, percent } from '../lens/numbers.js';
import { logit, statisticName, statisticReading } from '../lens/statistics.js';
import type { Part } from '../part.js';
import { differs, type Store } from '../state/store.js';
import type { CellAddress } from '../state/view-state.js';
import { sharesTable } from './shares.js';
import { layerStep, positionStep } from './step.js';
import { tokenButton, walkTokens } from './token-button.js';
import { TrackedList } from './tracked-list.js';

const TOKEN = 'On a token of a list';

/** The selected cell: its predictions, statistics and targets, and the tracked tokens of its position. */
export function cellPanel(lens: Lens, store: Store): Part {
  const { run } = lens;
  const top = h('div');
  const tracked = new TrackedList(lens, store);
  const said = h('p', { class: 'sl-faint', role: 'status' });
  const element = h('section', { class: 'sl-panel', 'aria-label': 'Selected cell' }, top, tracked.element, said);
  walkTokens(element);

  const draw = () => {
    const cell = store.state.selected;
    const l = cell ? layerIndex(run, cell.layer) : -1;
    const p = cell ? positionIndex(run, cell.position) : -1;
    tracked.element.hidden = true;
    if (!cell || l < 0 || p < 0) return top.replaceChildren(h('p', { class: 'sl-faint' }, 'Click a cell of the map to see its predictions.'));
    const head = header(cell, l, p);
    if (l >= lens.layersReady) return replaceContent(top, head, h('p', { class: 'sl-faint' }, 'This layer has not arrived yet.'));
    if (!lens.isLoaded(p)) {
      lens.load(p, p + 1).then(draw, (damage: unknown) => (said.textContent = String(damage)));
      return replaceContent(top, head);
    }
    replaceContent(top, head, predictions(l, p), statistics(l, p), ...targets(l, p));
    tracked.element.hidden = false;
    tracked.show(p);
  };

  const header = (cell: CellAddress, l: number, p: number): HTMLElement => {
    const step = (key: string, label: string, name: string, to: CellAddress | undefined) =>
      button(label, () => store.update({ selected: to }), { 'data-key': key, 'aria-label': name, title: name, disabled: !to });
    const name = layerName(lens, l);
    const doCopy = () => {
      navigator.clipboard.writeText(cellTsv(lens, l, p, sourceOf(lens, store.state))).then(
        () => (said.textContent = `Copied ${run.k} predictions.`),
        () => (said.textContent = 'The browser did not allow copying.'),
      );
    };
    const copy = button('Copy', doCopy, { 'data-key': 'copy', title: 'Copy the predictions as tab-separated text', disabled: l >= lens.layersReady || !lens.isLoaded(p) });
    return h(
      'header',
      {},
      h('h2', {}, `${name[0]!.toUpperCase()}${name.slice(1)}, position `, `${cell.position} `, h('bdi', {}, inputName(lens, p))),
      step('left', '←', 'Previous position', positionStep(run, cell, -1)),
      step('right', '→', 'Next position', positionStep(run, cell, 1)),
      step('up', '↑', 'Previous layer', layerStep(run, store.state, cell, -1)),
      step('down', '↓', 'Next layer', layerStep(run, store.state, cell, 1)),
      copy,
    );
  };

  const predictions = (l: number, p: number): HTMLElement => {
    const head = [
      column(run.candidates ? `Token (${run.candidates})` : 'Token'), column('Id', 'sl-value'), column('Raw', 'sl-wide'), column('Probability', 'sl-value'), h('td', { class: 'sl-track' }),
      column('Log-prob', 'sl-value'), column('Logit', 'sl-value sl-wide'),
    ];
    const rows = Array.from({ length: run.k }, (_, place) => {
      const { token, logProb } = lens.prediction(l, p, place);
      const bar = h('span', { class: 'sl-part' });
      bar.style.width = `${100 * Math.exp(logProb)}%`;
      return h(
        'tr',
        {},
        h('td', {}, tokenButton(store, 'top', token)),
        number(idText(token.id)),
        h('td', { class: 'sl-faint sl-wide' }, h('bdi', { class: 'sl-cut' }, shortText(token.raw))),
        number(percent(Math.exp(logProb))),
        h('td', { class: 'sl-track' }, bar),
        number(decimal(logProb)),
        h('td', { class: 'sl-value sl-wide' }, decimal(logit(lens, logProb, l, p))),
      );
    });
    return scrolled('Predictions', table(head, rows));
  };

  const statistics = (l: number, p: number): HTMLElement => {
    const entries = run.statistics.map((statistic) => {
      const value = statisticReading(statistic, lens.statistic(statistic.name, l, p));
      return h('div', { title: statistic.meaning }, h('dt', {}, statisticName(statistic)), h('dd', {}, value));
    });
    return h('dl', {}, ...entries);
  };

  const targets = (l: number, p: number): HTMLElement[] => {
    const rows = run.targets.flatMap((target, at) => {
      const id = target.ids[p];
      if (id === undefined) return [];
      const logProb = lens.targetLogProb(at, l, p);
      return h(
        'tr',
        {},
        h('td', {}, h('bdi', {}, targetName(target))),
        h('td', {}, tokenButton(store, `target ${at}`, lens.token(id))),
        number(`${run.approximate ? '≈ ' : ''}${grouped(lens.targetRank(at, l, p))}`),
        number(percent(Math.exp(logProb))),
        number(decimal(logProb)),
      );
    });
    if (rows.length === 0) return [];
    const head = [
      column('Target'), column('Token'), column('Rank', 'sl-value'), column('Probability', 'sl-value'), column('Log-prob', 'sl-value'),
    ];
    const written = run.targets.flatMap((target, at) => {
      const shares = sharesTable(lens, at, p);
      return shares ? scrolled(`Who wrote the logit of ${targetName(target)}`, shares) : [];
    });
    return [scrolled('Targets', table(head, rows)), ...written];
  };

  const ends = [
    store.subscribe((state, before) => {
      if (differs(state, before, 'selected', 'pins', 'stride', 'layerWindow', 'inside')) draw();
    }),
    lens.onGrowth(draw),
  ];
  draw();
  return {
    element,
    shortcuts: [
      { key: 'Enter', does: 'pin or unpin it', where: TOKEN },
      { key: 'c', does: 'color the map by it', where: TOKEN },
    ],
    dispose: () => ends.forEach((end) => end()),
  };
}

function column(name: string, kind?: string): HTMLElement {
  return h('th', { scope: 'col', class: kind }, name);
}

function scrolled(name: string, content: HTMLElement): HTMLElement {
  return h('div', { class: 'sl-scroll', tabindex: 0, role: 'group', 'aria-label': name }, content);
}

function number(text: string): HTMLElement {
  return h('td', { class: 'sl-value' }, text);
}

/** An id below 0 is not in the vocabulary. */
function idText(id: number): string {
  return id < 0 ? '–' : String(id);
}
