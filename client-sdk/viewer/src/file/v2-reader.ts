import type { Lens, Prediction, Run, Token } from '../lens/lens.js';
import { Fields } from './fields.js';
import { FileError, require, shown } from './file-error.js';
import { ascending } from './grid.js';
import type { Page } from './page.js';
import { PagedLens } from './paged-lens.js';

/**
 * Reads version 2 of the logitlenskit widget's JSON: strings and rounded probabilities. Facts that it does not hold are
 * absent. Our own files have the id of each string. In others, ids below 0 stand for the strings and have no meaning
 * outside.
 */
export function readV2(json: unknown): Lens {
  const file = new Fields(json, '$');
  const meta = file.object('meta');
  require(meta.get('version') === 2, `$.meta.version: expected 2, found ${shown(meta.get('version'))}`);
  const layers = [...ascending(file.get('layers'), '$.layers', 0)];
  require(layers.length > 0, '$.layers: empty');
  const input = strings(file.get('input'), '$.input');
  require(input.length > 0, '$.input: empty');
  const names = new Names(file.has('ids') ? file.object('ids') : undefined);
  const top = levels(file.get('topk'), '$.topk', layers.length).map((layer, l) =>
    levels(layer, `$.topk[${l}]`, input.length).map((cell, p) => strings(cell, `$.topk[${l}][${p}]`)),
  );
  const k = top[0]![0]!.length;
  require(k > 0, '$.topk[0][0]: empty');
  const followed = levels(file.get('tracked'), '$.tracked', input.length).map((each, p) => new Fields(each, `$.tracked[${p}]`));
  const page = readCells(top, followed, names, k);
  const best = (p: number): Prediction => {
    const at = ((p + 1) * layers.length - 1) * k;
    return { token: names.token(page.topIds[at]!), logProb: page.topLogProbs[at]! };
  };
  const run: Run = {
    requestId: '',
    model: {
      name: meta.has('model') && typeof meta.get('model') === 'string' ? meta.string('model') : 'unnamed model',
      architecture: undefined,
      layers: undefined,
      hiddenSize: undefined,
      vocabularySize: undefined,
      storedType: undefined,
      computeType: undefined,
      revision: undefined,
    },
    lens: 'logit',
    approximate: false,
    numberForm: 'compact',
    prompt: undefined,
    tokens: input.map((text) => ({ ...names.of(text), start: undefined, end: undefined })),
    layers,
    positions: input.map((_, p) => p),
    k,
    targets: [],
    statistics: [],
    hasTrajectories: true,
    // The last layer of the format is the model's own prediction.
    finalTops: input.map((_, p) => best(p)),
  };
  return PagedLens.of({ run, outcome: undefined, vocabulary: names.tokens }, page);
}

function readCells(top: readonly (readonly string[][])[], followed: readonly Fields[], names: Names, k: number): Page {
  const layers = top.length;
  const cells = layers * followed.length;
  const topIds = new Int32Array(cells * k);
  const topLogProbs = new Float32Array(cells * k);
  const tracked: Int32Array[] = [];
  const curves: Float32Array[] = [];
  followed.forEach((section, p) => {
    const rows = section
      .keys()
      .map((name) => ({ id: names.of(name).id, values: logProbs(section, name, layers) }))
      .sort((a, b) => a.id - b.id);
    tracked.push(Int32Array.from(rows, ({ id }) => id));
    curves.push(Float32Array.from(rows.flatMap(({ values }) => values)));
    for (let l = 0; l < layers; l++) {
      const cell = top[l]![p]!;
      require(cell.length === k, `$.topk[${l}][${p}]: expected ${k} tokens, found ${cell.length}`);
      cell.forEach((name, place) => {
        const at = (p * layers + l) * k + place;
        topIds[at] = names.of(name).id;
        const row = rows.find(({ id }) => id === topIds[at]);
        topLogProbs[at] = row ? row.values[l]! : NaN;
      });
    }
  });
  return { topIds, topLogProbs, statistics: new Map(), ranks: [], targetLogProbs: [], tracked, curves };
}

function logProbs(section: Fields, name: string, layers: number): number[] {
  const values = section.list(name);
  const path = `${section.path}[${shown(name)}]`;
  require(values.length === layers, `${path}: expected ${layers} probabilities, found ${values.length}`);
  return values.map((value, l) => {
    require(typeof value === 'number' && value >= 0 && value <= 1, `${path}[${l}]: expected a probability, found ${shown(value)}`);
    return value === 0 ? NaN : Math.log(value); // below the resolution of five decimals
  });
}

/** The strings of a file and their tokens. */
class Names {
  readonly tokens = new Map<number, Token>();
  readonly #ids = new Map<string, number>();

  constructor(ids: Fields | undefined) {
    for (const name of ids?.keys() ?? []) this.#add(name, ids!.integer(name));
  }

  of(name: string): Token {
    return this.token(this.#ids.get(name) ?? this.#add(name, -1 - this.tokens.size));
  }

  token(id: number): Token {
    return this.tokens.get(id)!;
  }

  #add(name: string, id: number): number {
    require(!this.tokens.has(id), `$.ids: ${id} is the id of two strings`);
    this.#ids.set(name, id);
    this.tokens.set(id, { id, raw: '', text: name });
    return id;
  }
}

function levels(value: unknown, path: string, length: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new FileError(`${path}: expected an array, found ${shown(value)}`);
  require(value.length === length, `${path}: expected ${length} elements, found ${value.length}`);
  return value;
}

function strings(value: unknown, path: string): string[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new FileError(`${path}: expected an array of strings, found ${shown(value)}`);
  }
  return value;
}
