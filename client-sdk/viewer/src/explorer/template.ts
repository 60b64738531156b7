/** The names of the variables of a prompt such as `The capital of {country} is`, each once. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{([A-Za-z_]\w{0,39})\}/g)].map(([, name]) => name!))];
}

/** A prompt with values in place of its variables, and the values in words. */
export interface Filled {
  readonly text: string;
  readonly words: string;
}

/** More would be a corpus, which `stratalens batch` computes. */
export const MOST_PROMPTS = 64;

/**
 * The prompts of a template, one for each combination of values. A variable without values stays as it is written.
 *
 * @throws RangeError if there are too many
 */
export function filled(text: string, values: ReadonlyMap<string, readonly string[]>): Filled[] {
  let all: Filled[] = [{ text, words: '' }];
  for (const name of variablesOf(text)) {
    const chosen = values.get(name) ?? [];
    if (chosen.length === 0) continue;
    if (all.length * chosen.length > MOST_PROMPTS) {
      throw new RangeError(`${all.length * chosen.length} prompts are too many for one run, which has up to ${MOST_PROMPTS}. Give fewer values, or compute them with the command batch.`);
    }
    all = all.flatMap((prompt) =>
      chosen.map((value) => ({ text: prompt.text.replaceAll(`{${name}}`, () => value), words: prompt.words === '' ? value : `${prompt.words}, ${value}` })),
    );
  }
  return all;
}
