import { button } from '../controls.js';
import { h } from '../dom.js';

/** Prompts that show something with most models. */
const PROMPTS = ['The capital of France is', 'Monday, Tuesday, Wednesday,', 'The quick brown fox. The quick brown', '2, 4, 6, 8,'];

/** What an empty page offers: prompts to click. */
export function examples(run: (prompt: string) => void): HTMLElement {
  const prompts = PROMPTS.map((prompt) => button(prompt, () => run(prompt)));
  return h('section', { class: 'ex-examples', 'aria-label': 'Examples' }, h('h2', {}, 'Try one of these'), h('div', {}, ...prompts));
}
