import './theme.css';
import { Signal } from '../state/signal.js';
import type { Store } from '../state/store.js';

/**
 * Whether a view is dark: as chosen, else as the system, but light in print. Follows all three until it is disposed.
 */
export class Darkness {
  readonly signal: Signal<boolean>;
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #paper = matchMedia('print');
  readonly #follow: () => void;
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    const chosen = () => (store.state.theme === 'auto' ? this.#system.matches : store.state.theme === 'dark');
    const dark = () => chosen() && !this.#paper.matches;
    this.signal = new Signal(dark());
    this.#follow = () => this.signal.set(dark());
    this.#system.addEventListener('change', this.#follow);
    this.#paper.addEventListener('change', this.#follow);
    this.#unsubscribe = store.subscribe(this.#follow);
  }

  get dark(): boolean {
    return this.signal.value;
  }

  dispose(): void {
    this.#system.removeEventListener('change', this.#follow);
    this.#paper.removeEventListener('change', this.#follow);
    this.#unsubscribe();
  }
}
