/** Does only the latest of the things that are asked for: waits until asking pauses, and cancels what is not done by then. */
export class Latest {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = new AbortController();

  constructor(readonly pauseMs: number) {}

  ask(work: (signal: AbortSignal) => Promise<void>): void {
    this.cancel();
    const { signal } = (this.#running = new AbortController());
    this.#timer = setTimeout(() => void work(signal), this.pauseMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#running.abort();
  }
}
