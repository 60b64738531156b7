import './toolbar.css';
import { h } from '../dom.js';
import type { Lens } from '../lens/lens.js';
import { provenance } from '../lens/provenance.js';
import type { Part } from '../part.js';
import type { Store } from '../state/store.js';

/** The title of a view, which can be edited, and the source of its numbers. */
export function heading(lens: Lens, store: Store): Part {
  const title = h('input', { class: 'sl-title', 'aria-label': 'Title', placeholder: 'Title', spellcheck: 'false' });
  title.addEventListener('change', () => store.update({ title: title.value }));
  title.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') title.blur();
  });
  const facts = h('p', { class: 'sl-facts' });
  const update = () => {
    if (title !== document.activeElement) title.value = store.state.title;
    facts.textContent = facts.title = provenance(lens).join(' · ');
    facts.classList.toggle('sl-warning', lens.outcome?.selfCheck.top1Agrees === false);
  };
  update();
  const ends = [store.subscribe(update), lens.onGrowth(update)];
  return { element: h('header', { class: 'sl-heading' }, h('h1', {}, title), facts), dispose: () => ends.forEach((end) => end()) };
}
