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
import type { Store } from '../state/store.js';
import { button, menu } from '../controls.js';

/** Few programs open a larger picture. */
const MOST_CELLS = 50_000;

/** Copies numbers and saves pictures of the view, and shows the outcome. */
export function exportChoices(lens: Lens, store: Store, darkness: Darkness): readonly HTMLElement[] {
  const said = h('span', { class: 'sl-said', role: 'status' });
  const layers = () => shownLayers(lens.run.layers, store.state);
  const all = (): [number, number] => [0, lens.run.positions.length];
  const columnNumbers = () => lens.run.positions.map((_, p) => p);

  function doing(action: () => Promise<string>): () => void {
    return () => {
      said.textContent = '';
      action().then(
        (done) => (said.textContent = done),
        (reason: unknown) => (said.textContent = `Not done: ${reason instanceof Error ? reason.message : String(reason)}`),
      );
    };
  }

  /** The selected cell; refuses if there is none. */
  async function selected(): Promise<readonly [number, number]> {
    const { selected } = store.state;
    if (!selected) throw new Error('no cell is selected; click one first');
    const [l, p] = [layerIndex(lens.run, selected.layer), positionIndex(lens.run, selected.position)];
    if (l < 0 || p < 0 || l >= lens.layersReady) throw new Error('the selected cell is not in this result yet');
    await lens.load(p, p + 1);
    return [l, p];
  }

  async function copied(what: string, text: string): Promise<string> {
    await navigator.clipboard.writeText(text);
    return `${what} copied`;
  }

  async function drawn(columns: readonly [number, number]): Promise<Drawing> {
    const [from, to] = columns;
    const cells = layers().length * (to - from);
    if (cells > MOST_CELLS) {
      throw new Error(`${cells} cells do not fit in a picture (at most ${MOST_CELLS}); show fewer layers, or save this view`);
    }
    await lens.load(from, to);
    return heatMapSvg(lens, { ...store.state, ...store.cellSize.value }, darkness.dark, { columns, caption: sourceOf(lens, store.state) });
  }

  async function saveSvg(columns: readonly [number, number]): Promise<string> {
    const { text } = await drawn(columns);
    return saved('svg', new Blob([text], { type: 'image/svg+xml' }));
  }

  async function savePng(columns: readonly [number, number]): Promise<string> {
    return saved('png', await pngOf(await drawn(columns)));
  }

  function saved(extension: string, content: Blob): string {
    const name = fileName(store.state.title, extension);
    download(name, content);
    return `${name} saved`;
  }

  async function grid(): Promise<string> {
    await lens.load(...all());
    return cellsTsv(lens, layers(), columnNumbers(), sourceOf(lens, store.state));
  }

  const copy = menu(
    'Copy',
    button('Cell as TSV', doing(async () => copied('Cell', cellTsv(lens, ...(await selected()), sourceOf(lens, store.state))))),
    button('Column as TSV', doing(async () => copied('Column', cellsTsv(lens, layers(), [(await selected())[1]], sourceOf(lens, store.state))))),
    button('Grid as TSV', doing(async () => copied('Grid', await grid()))),
  );
  const save = menu(
    'Save',
    button('SVG of this view', doing(() => saveSvg(store.visibleColumns.value))),
    button('PNG of this view', doing(() => savePng(store.visibleColumns.value))),
    button('SVG of all tokens', doing(() => saveSvg(all()))),
    button('Result as JSON', doing(async () => saved('json', new Blob([await nativeJson(lens)], { type: 'application/json' })))),
    button('Result as V2 JSON', doing(async () => saved('v2.json', new Blob([await v2Json(lens, new Date())], { type: 'application/json' })))),
    button('Grid as TSV file', doing(async () => saved('tsv', new Blob([await grid()], { type: 'text/tab-separated-values' })))),
  );
  return [copy, save, said];
}
