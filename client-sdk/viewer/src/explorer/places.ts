import { h } from '../dom.js';
import type { Bridge } from './bridge.js';

/** Where the blocks of a model are, and the devices of the server with their free memory. */
export class Places {
  readonly element = h('div', { class: 'ex-quiet ex-places', role: 'group', 'aria-label': 'Devices' });

  constructor(readonly bridge: Bridge) {}

  /** Asks the server, or says why it did not answer. */
  async show(name: string): Promise<void> {
    try {
      const { models, devices } = await this.bridge.opening();
      const places = models.find((model) => model.name === name)?.places;
      this.#lines([...(places === undefined ? [] : [`${name}: ${places}`]), ...devices]);
    } catch (error) {
      this.#lines([(error as Error).message]);
    }
  }

  #lines(lines: readonly string[]): void {
    this.element.replaceChildren(...lines.map((line) => h('div', {}, line)));
  }
}
