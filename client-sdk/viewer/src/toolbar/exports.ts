import type { Darkness } from '../color/theme.js';
import { h } from '../dom.js';
import { download, fileName } from '../export/download.js';
import { heatMapSvg, type Drawing } from '../export/heatmap-svg.js';
import { sourceOf } from '../export/source.js';
import { pngOf } from '../export/png.js';
import { cellsTsv, cellTsv } from '../export/tsv.js';
import { nativeJson } from '../file/native-writer.js';
import { v2Json } from '../file/v2-writer.js';
import { layerIndex, positionIndex } from '../lens/address.js';
import type { Lens } from '../lens/lens.js';
import { shownLayers } from '../state/shown-layers.js';
import { button, menu, telling } from '../controls.js';
import { coloringOf, SideChoice, type Side } from './side.js';

/** Few programs open a larger picture. */
const MOST_CELLS = 50_000;

/** Copies numbers and saves pictures of the view, and shows the outcome. */
export function exportChoices(sides: readonly [Side, ...Side[]], darkness: Darkness): readonly HTMLElement[] {
  const said = h('span', { class: 'sl-said', role: 'status' });
  const [copied, saved] = [new SideChoice(sides), new SideChoice(sides)];

  function doing(of: SideChoice, action: (exports: Exports) => Promise<string>): () => void {
    return () => void telling(said, () => action(new Exports(of.chosen, darkness)));
  }

  const copy = menu(
    'Copy',
    ...copied.elements,
    button('Cell as TSV', doing(copied, (exports) => exports.copyCell())),
    button('Column as TSV', doing(copied, (exports) => exports.copyColumn())),
    button('Grid as TSV', doing(copied, (exports) => exports.copyGrid())),
  );
  const save = menu(
    'Save',
    ...saved.elements,
    button('SVG of this view', doing(saved, (exports) => exports.saveSvg(exports.visible))),
    button('PNG of this view', doing(saved, (exports) => exports.savePng())),
    button('SVG of all tokens', doing(saved, (exports) => exports.saveSvg(exports.all))),
    button('Result as JSON', doing(saved, (exports) => exports.saveJson())),
    button('Result as V2 JSON', doing(saved, (exports) => exports.saveV2())),
    button('Grid as TSV file', doing(saved, (exports) => exports.saveGrid())),
  );
  return [copy, save, said];
}

/** What can be taken from one side. Each action returns what it did. */
class Exports {
  readonly #side: Side;
  readonly #darkness: Darkness;

  constructor(side: Side, darkness: Darkness) {
    this.#side = side;
    this.#darkness = darkness;
  }

  get visible(): readonly [number, number] {
    return this.#side.store.visibleColumns.value;
  }

  get all(): readonly [number, number] {
    return [0, this.#side.lens.run.positions.length];
  }

  async copyCell(): Promise<string> {
    return copied('Cell', cellTsv(this.#side.lens, ...(await this.#selected()), this.#source));
  }

  async copyColumn(): Promise<string> {
    return copied('Column', cellsTsv(this.#side.lens, this.#layers, [(await this.#selected())[1]], this.#source));
  }

  async copyGrid(): Promise<string> {
    return copied('Grid', await this.#grid());
  }

  async saveSvg(columns: readonly [number, number]): Promise<string> {
    const { text } = await this.#drawn(columns);
    return this.#saved('svg', new Blob([text], { type: 'image/svg+xml' }));
  }

  async savePng(): Promise<string> {
    return this.#saved('png', await pngOf(await this.#drawn(this.visible)));
  }

  async saveJson(): Promise<string> {
    return this.#saved('json', new Blob([await nativeJson(this.#result)], { type: 'application/json' }));
  }

  async saveV2(): Promise<string> {
    return this.#saved('v2.json', new Blob([await v2Json(this.#result, new Date())], { type: 'application/json' }));
  }

  async saveGrid(): Promise<string> {
    return this.#saved('tsv', new Blob([await this.#grid()], { type: 'text/tab-separated-values' }));
  }

  get #layers(): number[] {
    return shownLayers(this.#side.lens.run.layers, this.#side.store.state);
  }

  get #source(): string[] {
    return sourceOf(this.#side.lens, this.#side.store.state);
  }

  get #result(): Lens {
    if (this.#side.coloring) throw new Error('a difference is not a result; save one of the two');
    return this.#side.lens;
  }

  /** The selected cell; refuses if there is none. */
  async #selected(): Promise<readonly [number, number]> {
    const { lens, store } = this.#side;
    const { selected } = store.state;
    if (!selected) throw new Error('no cell is selected; click one first');
    const [l, p] = [layerIndex(lens.run, selected.layer), positionIndex(lens.run, selected.position)];
    if (l < 0 || p < 0 || l >= lens.layersReady) throw new Error('the selected cell is not in this result yet');
    await lens.load(p, p + 1);
    return [l, p];
  }

  async #drawn(columns: readonly [number, number]): Promise<Drawing> {
    const { lens, store } = this.#side;
    const [from, to] = columns;
    const cells = this.#layers.length * (to - from);
    if (cells > MOST_CELLS) {
      throw new Error(`${cells} cells do not fit in a picture (at most ${MOST_CELLS}); show fewer layers, or save this view`);
    }
    await lens.load(from, to);
    const extent = { columns, caption: this.#source, coloring: coloringOf(this.#side) };
    return heatMapSvg(lens, { ...store.state, ...store.cellSize.value }, this.#darkness.dark, extent);
  }

  async #grid(): Promise<string> {
    const { lens } = this.#side;
    await lens.load(...this.all);
    return cellsTsv(lens, this.#layers, lens.run.positions.map((_, p) => p), this.#source);
  }

  #saved(extension: string, content: Blob): string {
    const name = fileName(this.#side.store.state.title, extension);
    download(name, content);
    return `${name} saved`;
  }
}

async function copied(what: string, text: string): Promise<string> {
  await navigator.clipboard.writeText(text);
  return `${what} copied`;
}
