import { button } from '../controls.js';
import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import { shortText } from '../lens/names.js';
import { percent } from '../lens/numbers.js';

/**
 * Buttons that write one of the last layer's predictions after the prompt, and run it again. Nothing if the result does
 * not end with the prompt's last token, or if a prediction is no text of its own.
 */
export function continuation(lens: Lens, go: (text: string) => void): HTMLElement | undefined {
  const { run } = lens;
  const p = run.positions.length - 1;
  if (lens.layersReady < run.layers.length || run.positions[p] !== run.tokens.length - 1 || !lens.isLoaded(p)) return undefined;
  const choices = Array.from({ length: Math.min(5, run.k) }, (_, place) => lens.prediction(run.layers.length - 1, p, place));
  // A part of a character cannot be typed.
  const texts = choices.filter(({ token: { text } }) => text !== '' && !/<0x[0-9A-F]{2}>|\ufffd/.test(text));
  const buttons = texts.map(({ token, logProb }) => {
    const name = shortText(token.text);
    const each = button('', () => go(token.text));
    each.append(h('bdi', {}, name), ` ${percent(Math.exp(logProb))}`);
    return each;
  });
  return h('div', { class: 'ex-continue', role: 'group', 'aria-label': 'Continue the prompt' }, h('span', { class: 'ex-quiet' }, 'Continue with'), ...buttons);
}
