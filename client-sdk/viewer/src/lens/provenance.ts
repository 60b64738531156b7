import type { Lens, Run } from './lens.js';
import { visibleText } from './visible-text.js';

/** Longer names and revisions are cut. */
const LONGEST = 80;

/** Where the numbers of a result come from, in parts: what goes with each picture and table that leaves the page. */
export function provenance({ run, outcome }: Lens): string[] {
  const { model, approximate, origin } = run;
  const parts = [
    named(model.name, model.revision),
    model.computeType,
    `${lensName(run)} lens`,
    approximate ? 'ranks, entropy and KL approximate' : undefined,
    outcome && checked(outcome.selfCheck),
    origin?.date,
    origin && `Stratalens${origin.version === undefined ? '' : ` ${origin.version}`}`,
  ];
  return parts.filter((part) => part !== undefined && part !== '') as string[];
}

function named(model: string, revision = ''): string {
  const name = visibleText(model.slice(0, LONGEST));
  // The whole of a commit is in the result's file.
  const short = /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 8) : revision.slice(0, LONGEST);
  return short === '' ? name : `${name} at ${visibleText(short)}`;
}

function checked({ top1Agrees, maxLogitDifference }: { readonly top1Agrees: boolean; readonly maxLogitDifference: number }): string {
  return top1Agrees ? `self-check passed (${maxLogitDifference.toExponential(1)})` : 'self-check FAILED';
}

/** For people: a fitted lens has the name that the model gives it, unless it is that of a lens which every model has. */
export function lensName({ lens }: Run): string {
  return lens.replace(/^transport:(?!(logit|raw)$)/, '');
}
