import type { Lens } from '../lens/lens.js';
import { decimal } from '../lens/numbers.js';
import { visibleText } from '../lens/visible-text.js';
import type { ChangeForm, Ended, PromptForm, RunForm } from './bridge.js';
import type { WireFailure, WireProgress } from './wire.js';

/** Progress of a run in words, with the time that its phase still takes. */
export function progressWords(progress: WireProgress): string {
  const { secondsLeft } = progress;
  return phaseWords(progress) + (secondsLeft === undefined ? '' : `, ${timeWords(secondsLeft)} left`);
}

function timeWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function phaseWords({ phase, done, total = 0 }: WireProgress): string {
  const far = total > 0 ? `, ${done} of ${total}` : '';
  const share = total > 0 ? `, ${Math.floor((100 * done) / total)} %` : '';
  switch (phase) {
    case 'queued':
      return total > done ? `Waiting, ${total - done} ahead` : 'Waiting for its turn';
    case 'download':
      return `Downloading the model${share}`;
    case 'loading':
      return `Loading the model${share}`;
    case 'forward':
      return `Running the blocks${far}`;
    case 'lens':
      return `Reading the layers${share}`;
    case 'writing':
      return `Writing${far}`;
    case 'trajectories':
      return `Computing trajectories${share}`;
  }
}

/** Where phases of a run begin and end, 0 .. 1; loading a model has a separate bar. */
const PARTS: Readonly<Record<WireProgress['phase'], readonly [number, number] | undefined>> = {
  queued: undefined, download: [0, 1], loading: [0, 1], forward: [0, 0.5], lens: [0.5, 0.9], trajectories: [0.9, 1], writing: [0, 1],
};

/** Progress of a run, 0 .. 1; undefined if unknown. */
export function progressPart({ phase, done, total = 0 }: WireProgress): number | undefined {
  const part = PARTS[phase];
  return total <= 0 || part === undefined ? undefined : part[0] + Math.min(1, done / total) * (part[1] - part[0]);
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  'top-k': 'Top k',
  target: 'Targets',
  targets: 'Targets',
  layers: 'Layers',
  positions: 'Positions',
  stats: 'Statistics',
  statistics: 'Statistics',
  model: 'Model',
  seed: 'Seed',
  'max-tokens': 'Most tokens',
  temperature: 'Temperature',
};

/** A failure as text. Its message already says what to do. */
export function failureWords({ field, message, retryable }: WireFailure): string {
  const name = field === undefined ? '' : (FIELD_NAMES[field] ?? field);
  const text = name === '' ? message : `${name}: ${message}`;
  return retryable && !/again|retry/i.test(text) ? `${text} Try again in a moment.` : text;
}

/** Stays as it is: a space, and what makes one sign of two emoji, or ends a letter inside of a word in Arabic script. */
const KEPT = /( |(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})|(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic}))/u;

/** A prompt shortened for a list. */
export function promptWords(text: string, longest = 60): string {
  const flat = text
    .slice(0, 4 * longest)
    .split(KEPT)
    .map((part, at) => (at % 2 === 1 ? part : visibleText(part)))
    .join('');
  const symbols = [...flat];
  return symbols.length > longest ? `${symbols.slice(0, longest - 1).join('')}…` : flat;
}

/** The options of a run that differ from the defaults, for a list. */
export function optionWords(form: RunForm): string {
  const words = [
    form.prompt.chat ? chatWords(form.prompt) : '',
    form.layers === 'all' ? '' : `layers ${form.layers}`,
    form.positions === 'all' ? '' : `positions ${form.positions}`,
    form.topK === 5 ? '' : `top ${form.topK}`,
    form.targets.length === 0 ? '' : `targets ${form.targets.map((target) => visibleText(target)).join(', ')}`,
    form.lenses.length === 0 ? '' : `lens ${form.lenses.map((name) => visibleText(name)).join(', ')}`,
    form.candidates === undefined || form.candidates === 'most-likely' ? '' : visibleText(form.candidates),
    form.switches.includes('EMBEDDING') ? 'embedding' : '',
    form.switches.includes('ALL_SITES') ? 'inside blocks' : '',
    form.switches.includes('ATTRIBUTION') ? 'attribution' : '',
    changedWords(form.change),
    form.writing === undefined || form.writing.temperature === 0 ? '' : `temperature ${form.writing.temperature}`,
  ];
  return words.filter((word) => word !== '').join(' · ');
}

/** What was changed in a pass, for a list; nothing if nothing was. */
export function changedWords(change: ChangeForm | undefined): string {
  if (change === undefined) return '';
  const { layer, position, replacement, steering } = change;
  const row = (at: { readonly layer: number; readonly position: number }): string => `layer ${at.layer} of token ${at.position}`;
  const where = position === undefined ? `layer ${layer} of every token` : row({ layer, position });
  if (steering) return `“${visibleText(steering.token)}” added to ${where}, ${decimal(steering.strength)} times as long`;
  return replacement ? `${where} replaced by ${row(replacement)} of “${promptWords(replacement.prompt.text)}”` : '';
}

function lensWords({ lenses }: RunForm): string {
  return lenses.length === 0 ? 'logit lens' : '';
}

function chatWords({ system, earlier }: PromptForm): string {
  const messages = 1 + earlier.length + (system === '' ? 0 : 1);
  return messages === 1 ? 'chat' : `chat of ${messages} messages`;
}

/** Model, lens and options of a request, for the line of the folded form. */
export function formWords(form: RunForm): string {
  return [form.prompt.model, lensWords(form), optionWords(form)].filter((word) => word !== '').join(' · ');
}

/** Why a text ended. */
const STOPS = { end_token: 'the model ended the text', stop_text: 'a stop text came', max_tokens: '', other: 'for another reason' };

/** A finished text in words. */
export function writtenWords(count: number, { stopReason, seed }: Pick<Ended, 'stopReason' | 'seed'>): string {
  return [`${count} ${count === 1 ? 'token' : 'tokens'} written`, stopReason ? STOPS[stopReason] : '', seed === undefined ? '' : `seed ${seed}`].filter((part) => part !== '').join(', ');
}

/** A canceled run in words. */
export function canceledWords(lens: Lens | undefined, written = 0): string {
  if (written > 0) return `Stopped. ${writtenWords(written, {})}.`;
  const ready = lens?.layersReady ?? 0;
  return ready === 0 ? 'Canceled.' : `Canceled. ${ready} of ${lens!.run.layers.length} layers had arrived and are kept.`;
}

/** A finished run in words, for screen readers. */
export function doneWords({ run, outcome }: Lens, milliseconds: number): string {
  const check = outcome?.selfCheck.top1Agrees === false ? ' The self-check failed: do not trust these numbers.' : '';
  return `Done: ${run.layers.length} layers, ${run.positions.length} positions in ${(milliseconds / 1000).toFixed(1)} s.${check}`;
}

/** The times of a complete result. */
export function timeFacts({ outcome }: Lens): string {
  const timings = outcome?.timings;
  return timings ? `forward ${Math.round(timings.forwardMs)} ms, lens ${Math.round(timings.lensMs)} ms` : '';
}
