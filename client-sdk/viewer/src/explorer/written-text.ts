import { Scale } from '../color/scale.js';
import { Darkness } from '../color/theme.js';
import { button } from '../controls.js';
import { h } from '../dom.js';
import { layerIndex, positionIndex } from '../lens/address.js';
import { shortLayer } from '../lens/layers.js';
import type { Lens } from '../lens/lens.js';
import { settled } from '../lens/milestones.js';
import { shortText } from '../lens/names.js';
import { percent } from '../lens/numbers.js';
import { promptText, promptUpTo } from '../lens/prompt-text.js';
import type { Part } from '../part.js';
import type { Store } from '../state/store.js';
import type { Entry } from './entry.js';

/** How a text goes on: after these tokens, which the model wrote before, and perhaps a typed text. */
export interface Continuation {
  /** The beginning of the prompt, where that is all that stays of it. */
  readonly prompt?: string;
  readonly forced: readonly number[];
  readonly then?: string;
  /** Whether the tokens go past one that ended the text. */
  readonly ignoreEnd: boolean;
}

/**
 * The text that the model wrote, token by token, in the color of the layer from which each was settled. A click selects a token;
 * below are the ways to go on after the selected one, or after a token of the prompt that is selected in the map: as the model would,
 * or with another token.
 *
 * @param first position of the first written token
 */
export function writtenText(entry: Entry, first: number, lens: Lens, store: Store, go: (how: Continuation) => void): Part {
  const { run } = lens;
  const darkness = new Darkness(store);
  const list = h('ol', { 'aria-label': 'Written text' });
  const legend = h('p', { class: 'ex-quiet ex-written-legend' });
  const ways = h('div', { class: 'ex-bar ex-ways', role: 'group' });
  const typed = h('input', { size: 12, 'aria-label': 'Another token', placeholder: 'another token', spellcheck: 'false' });
  const element = h('section', { class: 'ex-written', 'aria-label': 'Text of the model' }, list, legend, ways);

  /** The layer from which a token was the best one where it was chosen. */
  const settledFrom = (position: number): number | undefined => {
    const p = positionIndex(run, position - 1);
    return p < 0 ? undefined : settled(lens, p, run.tokens[position]!.id);
  };

  const draw = (all: boolean): void => {
    const scale = Scale.of('sequential', darkness.dark);
    const depth = run.layers.length - 1;
    if (all) list.replaceChildren();
    while (list.children.length > run.tokens.length - first) list.lastElementChild!.remove();
    for (let position = first + list.children.length; position < run.tokens.length; position++) {
      const l = settledFrom(position);
      const isForced = position - first < entry.forced;
      const text = promptText(run, position);
      const words = [`position ${position}`, l === undefined ? 'never settled' : `settled from layer ${shortLayer(run.layers[l]!)}`, ...(isForced ? ['given, not chosen'] : [])].join(', ');
      const token = button(text, () => select(position), { 'aria-label': `${text}: ${words}`, title: words, class: isForced ? 'ex-forced' : undefined });
      if (l !== undefined) {
        const ink = scale.at(depth === 0 ? 1 : 1 - l / depth);
        token.style.cssText = `background:${ink.background};color:${ink.text}`;
      }
      list.append(h('li', {}, token));
    }
    const swatch = (level: number, name: string): HTMLElement => {
      const color = h('i', { class: 'sl-swatch' });
      color.style.background = scale.at(level).background;
      return h('span', {}, color, name);
    };
    legend.replaceChildren('Settled from ', swatch(1, `layer ${shortLayer(run.layers[0]!)}`), swatch(0.5, ''), swatch(0, `layer ${shortLayer(run.layers.at(-1)!)}`), h('span', {}, h('i', { class: 'sl-swatch ex-unsettled' }), 'never'));
    mark();
  };

  const select = (position: number): void => {
    const layer = store.state.selected?.layer ?? run.layers.at(-1)!;
    store.update({ selected: { layer, position: Math.min(position, run.positions.at(-1)!) } });
  };

  /** The part of the prompt that stays if a text goes on after one of its tokens. A chat's template has tokens that no text makes. */
  const kept = (position: number): string | undefined => (position < first - 1 && !entry.form.prompt.chat ? promptUpTo(run, position) : undefined);

  /** Position of the token after which a text would go on: the selected one, or the last of a prompt that cannot end there. */
  const after = (): number => {
    const { selected } = store.state;
    if (selected === undefined) return run.tokens.length - 1;
    return kept(selected.position) === undefined ? Math.max(first - 1, selected.position) : selected.position;
  };

  const mark = (): void => {
    [...list.children].forEach((item, at) => {
      const isHere = first + at === store.state.selected?.position;
      if (isHere) item.firstElementChild!.setAttribute('aria-current', 'true');
      else item.firstElementChild!.removeAttribute('aria-current');
    });
    drawWays();
  };

  /** The text up to a position, and perhaps more, to go on from. */
  const upTo = (position: number, ...more: number[]): Continuation => ({
    ...(kept(position) === undefined ? {} : { prompt: kept(position)! }),
    forced: [...run.tokens.slice(first, position + 1).map(({ id }) => id), ...more],
    ignoreEnd: entry.form.writing?.ignoreEnd === true || (entry.isEnded && position === run.tokens.length - 1),
  });

  const drawWays = (): void => {
    const position = after();
    const p = positionIndex(run, position);
    const name = promptText(run, position);
    const l = Math.max(0, store.state.selected ? layerIndex(run, store.state.selected.layer) : run.layers.length - 1);
    const next = run.tokens[position + 1]?.id;
    const others = p < 0 ? [] : Array.from({ length: Math.min(5, run.k) }, (_, place) => lens.prediction(l, p, place)).filter(({ token }) => token.id !== next);
    const branches = others.map(({ token, logProb }) => {
      const each = button('', () => go(upTo(position, token.id)), { title: `Write ${shortText(token.text)} here, and go on` });
      each.append(h('bdi', {}, shortText(token.text)), ` ${percent(Math.exp(logProb))}`);
      return each;
    });
    ways.setAttribute('aria-label', `Go on after ${name}`);
    ways.replaceChildren(
      h('span', { class: 'ex-quiet' }, 'After ', h('bdi', { class: 'sl-said-token' }, name)),
      button('Go on', () => go(upTo(position)), { title: 'Keep what is up to here, and have the model write on' }),
      ...(branches.length === 0 ? [] : [h('span', { class: 'ex-quiet' }, `or with what layer ${shortLayer(run.layers[l]!)} would say:`), ...branches]),
      typed,
      button('Branch', () => {
        if (typed.value !== '') go({ ...upTo(position), then: typed.value });
        else typed.focus();
      }, { title: 'Write the typed text here, and go on' }),
    );
  };

  typed.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter' && typed.value !== '') go({ ...upTo(after()), then: typed.value });
  });
  const ends = [store.subscribe((state, before) => state.selected !== before.selected && mark()), lens.onGrowth(() => draw(false)), darkness.signal.subscribe(() => draw(true)), () => darkness.dispose()];
  draw(true);
  return { element, dispose: () => ends.forEach((end) => end()) };
}
