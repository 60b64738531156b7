import type { AnalyzeOptions, GenerateOptions } from '../client.js';

/** All options of a request and of its call: the compiler finds one that is missing. */
const NAMES: Readonly<Record<keyof GenerateOptions, true>> = {
  model: true, lenses: true, layers: true, positions: true, sites: true, allSites: true, alone: true, candidates: true, topK: true,
  targets: true, statistics: true, trajectories: true, attribution: true, interventions: true, effect: true, exact: true,
  specialTokens: true, requestId: true, also: true,
  signal: true, timeoutMs: true, onProgress: true,
  maxTokens: true, sampling: true, forced: true, stopTexts: true, ignoreEndTokens: true,
};

/** Refuses what the compiler refuses, for programs without one. @throws TypeError for an option that does not exist */
export function requireNames(options: AnalyzeOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown !== undefined) throw new TypeError(`there is no option '${unknown}'; choose from ${Object.keys(NAMES).join(', ')}`);
}
