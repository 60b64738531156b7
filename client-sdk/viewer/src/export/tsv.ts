import { targetName } from '../color/modes.js';
import type { Lens, Token } from '../lens/lens.js';
import { LOG_SUM_EXP, logit } from '../lens/statistics.js';
import { promptText } from '../lens/prompt-text.js';
import { visibleText } from '../lens/visible-text.js';

/** A cell as tab-separated text: a line for each place of its top-k, ending with the source. Its column must be loaded. */
export function cellTsv(lens: Lens, l: number, p: number, source: readonly string[] = []): string {
  const lines = Array.from({ length: lens.run.k }, (_, place) => {
    const { token, logProb } = lens.prediction(l, p, place);
    return [...where(lens, l, p), place + 1, ...tokenFields(token), ...chances(logProb, logit(lens, logProb, l, p))];
  });
  return table(['layer', 'position', 'input', 'place', 'id', 'token', 'raw', 'probability', 'log_prob', 'logit'], lines, source);
}

/**
 * Cells, a line for each: the best token, its numbers, the statistics, the targets, the source. Columns first, layers
 * within.
 */
export function cellsTsv(lens: Lens, layers: readonly number[], columns: readonly number[], source: readonly string[] = []): string {
  const statistics = lens.run.statistics.map(({ name }) => name).filter((name) => name !== LOG_SUM_EXP); // implied by the logit
  // In a table's head curly quotes would be one more thing to type.
  const targets = lens.run.targets.map((target) => targetName(target).replace(/[“”]/g, ''));
  const lines = columns.flatMap((p) =>
    layers
      .filter((l) => l < lens.layersReady)
      .map((l) => {
        const { token, logProb } = lens.prediction(l, p, 0);
        return [
          ...where(lens, l, p),
          ...tokenFields(token),
          ...chances(logProb, logit(lens, logProb, l, p)),
          ...statistics.map((name) => number(lens.statistic(name, l, p))),
          ...targets.flatMap((_, target) => [lens.targetRank(target, l, p) || '', number(lens.targetLogProb(target, l, p))]),
        ];
      }),
  );
  const names = targets.flatMap((name) => [`rank of ${name}`, `log_prob of ${name}`]);
  const head = ['layer', 'position', 'input', 'id', 'token', 'raw', 'probability', 'log_prob', 'logit', ...statistics, ...names];
  return table(head, lines, source);
}

type Field = string | number;

function where(lens: Lens, l: number, p: number): Field[] {
  const position = lens.run.positions[p]!;
  return [lens.run.layers[l]!, position, promptText(lens.run, position)];
}

function tokenFields(token: Token): Field[] {
  return [token.id, visibleText(token.text), visibleText(token.raw)];
}

function chances(logProb: number, logit: number): Field[] {
  return [Math.exp(logProb), logProb, logit].map(number);
}

/** As many digits as a float32 has; empty where there is no number. */
function number(value: number): Field {
  return Number.isNaN(value) ? '' : Number(value.toPrecision(7));
}

/** Visible texts hold neither tabs nor line ends, so nothing needs quotes. */
function table(head: readonly string[], lines: readonly (readonly Field[])[], source: readonly string[]): string {
  const end = source.length === 0 ? [] : [source.join(' · ')];
  return [[...head, ...end.map(() => 'source')], ...lines.map((line) => [...line, ...end])].map((fields) => `${fields.join('\t')}\n`).join('');
}
