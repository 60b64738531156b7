import './theme.css';
import { Signal } from '../state/signal.js';
import type { Store } from '../state/store.js';

/** Whether a view is dark: as chosen, else as the system is. Follows both until it is disposed of. */
export class Darkness {
  readonly signal: Signal<boolean>;
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #follow: () => void;
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    const dark = () => (store.state.theme === 'auto' ? this.#system.matches : store.state.theme === 'dark');
    this.signal = new Signal(dark());
    this.#follow = () => this.signal.set(dark());
    this.#system.addEventListener('change', this.#follow);
    this.#unsubscribe = store.subscribe(this.#follow);
  }

  get dark(): boolean {
    return this.signal.value;
  }

  dispose(): void {
    this.#system.removeEventListener('change', this.#follow);
    this.#unsubscribe();
  }
}
