import { h } from '../dom.js';
import { field } from '../controls.js';
import type { RunForm } from './bridge.js';
import type { WireStatistic } from './wire.js';

type Options = Omit<RunForm, 'prompt'>;

/** The options of a request, written as on the command line. */
export class OptionFields {
  readonly #layers = h('input', { value: 'all', size: 9, spellcheck: 'false', title: 'all, last, 0,4,8, 10-20 or ::4' });
  readonly #positions = h('input', { value: 'all', size: 9, spellcheck: 'false', title: 'all, last, 0,4,8, 10-20 or ::4' });
  readonly #topK = h('input', { type: 'number', min: 1, max: 100, value: 5, title: 'Predictions per cell, 1 to 100' });
  readonly #targets = h('textarea', { rows: 2, cols: 18, spellcheck: 'false', placeholder: 'next\n Paris' });
  readonly #statistics = new Map<string, Check>();
  readonly #statisticsGroup = group('Statistics');
  readonly #lens = h('select', {});
  readonly #lensField = field('Lens', this.#lens);
  readonly #embedding = check('embedding row');
  readonly #rawResidual = check('without the final norm');
  readonly #exact = check('trajectories in float32');
  readonly element = h(
    'div',
    { class: 'ex-options' },
    field('Layers', this.#layers),
    field('Positions', this.#positions),
    field('Top k', this.#topK),
    field('Targets, one per line', this.#targets),
    this.#lensField,
    this.#statisticsGroup,
    group('Also', this.#embedding, this.#rawResidual, this.#exact),
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
  offerLenses(names: readonly string[], chosen = this.#lens.value): void {
    const all = chosen === '' || names.includes(chosen) ? names : [...names, chosen];
    this.#lens.replaceChildren(h('option', { value: '' }, 'logit'), ...all.map((name) => h('option', { value: name }, name)));
    this.#lens.value = chosen;
    this.#lensField.hidden = all.length === 0;
  }

  /** Follows a token, unless it is followed already. */
  follow(id: number): void {
    const lines = this.#targets.value.split('\n').filter((line) => line !== '');
    if (!lines.includes(`id:${id}`)) this.#targets.value = [...lines, `id:${id}`].join('\n');
  }

  get value(): Options {
    const statistics = [...this.#statistics].filter(([, { box }]) => box.checked).map(([name]) => name);
    const switches: Options['switches'][number][] = [];
    if (this.#embedding.box.checked) switches.push('EMBEDDING');
    if (this.#rawResidual.box.checked) switches.push('NO_FINAL_NORM');
    if (this.#exact.box.checked) switches.push('EXACT');
    return {
      layers: this.#layers.value.trim() || 'all',
      positions: this.#positions.value.trim() || 'all',
      topK: Number(this.#topK.value) || 5,
      targets: this.#targets.value.split('\n').filter((line) => line !== ''),
      statistics: statistics.join(',') || 'none',
      switches,
      lens: this.#lens.value,
    };
  }

  set value(options: Options) {
    const names = options.statistics.split(',');
    this.#layers.value = options.layers;
    this.#positions.value = options.positions;
    this.#topK.value = String(options.topK);
    this.#targets.value = options.targets.join('\n');
    for (const [name, { box }] of this.#statistics) box.checked = names.includes(name);
    this.offerLenses([], options.lens);
    this.#embedding.box.checked = options.switches.includes('EMBEDDING');
    this.#rawResidual.box.checked = options.switches.includes('NO_FINAL_NORM');
    this.#exact.box.checked = options.switches.includes('EXACT');
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
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

function group(name: string, ...checks: Check[]): HTMLElement {
  return h('fieldset', {}, h('legend', {}, name), ...checks.map(({ element }) => element));
}
