/** Does only the latest of the things that are asked for: waits until asking pauses, and cancels what is not done by then. */
export class Latest {
  #timer: number | undefined;
  #running = new AbortController();

  constructor(readonly pauseMs: number) {}

  ask(work: (signal: AbortSignal) => Promise<void>): void {
    this.cancel();
    const { signal } = (this.#running = new AbortController());
    this.#timer = window.setTimeout(() => void work(signal), this.pauseMs);
  }

  cancel(): void {
    window.clearTimeout(this.#timer);
    this.#running.abort();
  }
}
