import { h } from '../dom.js';
import { field } from '../controls.js';
import type { RunForm } from './bridge.js';
import type { WireStatistic } from './wire.js';

/** Reads unless others are chosen. */
const LOGIT = 'logit';

/** Of predictions, unless another is chosen. */
const RULE = 'most-likely';

type Options = Omit<RunForm, 'prompt' | 'writing' | 'change'>;

/** The options of a request, written as on the command line. */
export class OptionFields {
  readonly #layers = h('input', { value: 'all', size: 9, spellcheck: 'false', title: 'all, last, 0,4,8, 10-20 or ::4' });
  readonly #positions = h('input', { value: 'all', size: 9, spellcheck: 'false', title: 'all, last, 0,4,8, 10-20 or ::4' });
  readonly #topK = h('input', { type: 'number', min: 1, max: 100, value: 5, title: 'Predictions per cell, 1 to 100' });
  readonly #targets = h('textarea', { rows: 2, cols: 18, spellcheck: 'false', placeholder: 'next\n Paris' });
  readonly #statistics = new Map<string, Check>();
  readonly #statisticsGroup = group('Statistics');
  readonly #lenses = new Map<string, Check>();
  readonly #lensGroup = group('Lenses');
  readonly #candidates = h('input', { value: RULE, size: 12, spellcheck: 'false', title: 'most-likely, words, least-likely, contrast:LAYER or contrast:LENS' });
  readonly #switches = {
    EMBEDDING: check('embedding row'),
    ALL_SITES: check('rows inside blocks'),
    ATTRIBUTION: check('who wrote the targets'),
    EXACT: check('trajectories in float32'),
  };
  readonly element = h(
    'div',
    { class: 'ex-options' },
    field('Layers', this.#layers),
    field('Positions', this.#positions),
    field('Top k', this.#topK),
    field('Predictions', this.#candidates),
    field('Targets, one per line', this.#targets),
    this.#lensGroup,
    this.#statisticsGroup,
    group('Also', ...Object.values(this.#switches)),
  );

  /** Sets the statistics to choose from; those without a remark are selected at first. */
  offer(statistics: readonly WireStatistic[]): void {
    for (const { name, label, meaning, remark } of statistics) {
      const each = check(remark === undefined ? label : `${label} (${inBrackets(remark)})`, remark === undefined);
      each.element.title = meaning;
      this.#statistics.set(name, each);
    }
    this.#statisticsGroup.append(...[...this.#statistics.values()].map(({ element }) => element));
  }

  /** Sets the fitted lenses to choose from. A chosen one stays: if the model does not have it, the server refuses it and says which it has. */
  offerLenses(names: readonly string[], chosen: readonly string[] = this.#chosen): void {
    const all = new Set([LOGIT, 'raw', ...names, ...chosen]);
    if (chosen.join() === this.#chosen.join() && [...all].join() === [...this.#lenses.keys()].join()) return; // keeps the focus
    this.#lenses.clear();
    for (const name of all) this.#lenses.set(name, check(name, chosen.includes(name)));
    this.#lensGroup.replaceChildren(h('legend', {}, 'Lenses'), ...[...this.#lenses.values()].map(({ element }) => element));
  }

  get #chosen(): string[] {
    const chosen = [...this.#lenses].filter(([, { box }]) => box.checked).map(([name]) => name);
    return chosen.length === 0 ? [LOGIT] : chosen;
  }

  /** Follows a token, unless it is followed already. */
  follow(id: number): void {
    const lines = this.#targets.value.split('\n').filter((line) => line !== '');
    if (!lines.includes(`id:${id}`)) this.#targets.value = [...lines, `id:${id}`].join('\n');
  }

  get #names(): Options['switches'][number][] {
    return Object.keys(this.#switches) as Options['switches'][number][];
  }

  get value(): Options {
    const statistics = [...this.#statistics].filter(([, { box }]) => box.checked).map(([name]) => name);
    const switches = this.#names.filter((name) => this.#switches[name].box.checked);
    return {
      layers: this.#layers.value.trim() || 'all',
      positions: this.#positions.value.trim() || 'all',
      topK: Number(this.#topK.value) || 5,
      targets: this.#targets.value.split('\n').filter((line) => line !== ''),
      statistics: statistics.join(',') || 'none',
      switches,
      lenses: this.#chosen.join() === LOGIT ? [] : this.#chosen,
      candidates: this.#candidates.value.trim() || RULE,
    };
  }

  set value(options: Options) {
    const names = options.statistics.split(',');
    this.#layers.value = options.layers;
    this.#positions.value = options.positions;
    this.#topK.value = String(options.topK);
    this.#targets.value = options.targets.join('\n');
    for (const [name, { box }] of this.#statistics) box.checked = names.includes(name);
    this.offerLenses([], options.lenses.length === 0 ? [LOGIT] : options.lenses);
    this.#candidates.value = options.candidates ?? RULE;
    for (const name of this.#names) this.#switches[name].box.checked = options.switches.includes(name);
  }
}

interface Check {
  readonly element: HTMLElement;
  readonly box: HTMLInputElement;
}

function check(name: string, checked = false): Check {
  const box = h('input', { type: 'checkbox', checked });
  return { element: h('label', { class: 'ex-check' }, box, name), box };
}

/** A sentence inside another. */
function inBrackets(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, '').replaceAll('`', '');
}

function group(name: string, ...checks: Check[]): HTMLElement {
  return h('fieldset', {}, h('legend', {}, name), ...checks.map(({ element }) => element));
}
