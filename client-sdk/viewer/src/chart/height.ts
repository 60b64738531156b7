import { h } from '../dom.js';
import type { Store } from '../state/store.js';

const LEAST = 120;
const MOST = 900;

/** The lower edge of the chart. Drag it, or press the arrow keys on it, to change the height of the chart. */
export function heightHandle(store: Store): HTMLElement {
  const handle = h('div', {
    class: 'sl-height', role: 'separator', 'aria-orientation': 'horizontal', 'aria-label': 'Height of the chart',
    'aria-valuemin': LEAST, 'aria-valuemax': MOST, 'aria-valuenow': chartHeight(store.state.chartHeight), tabindex: 0,
  });
  const resize = (height: number) => {
    store.update({ chartHeight: chartHeight(height) });
    handle.setAttribute('aria-valuenow', String(chartHeight(height)));
  };
  handle.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 20, ArrowUp: -20, PageDown: 100, PageUp: -100 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    resize(chartHeight(store.state.chartHeight) + by);
  });
  handle.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    handle.focus({ preventScroll: true });
    handle.setPointerCapture(down.pointerId);
    const height = chartHeight(store.state.chartHeight);
    const end = new AbortController();
    handle.addEventListener('pointermove', ({ clientY }) => resize(height + Math.round(clientY - down.clientY)), end);
    handle.addEventListener('lostpointercapture', () => end.abort(), end);
  });
  return handle;
}

/** Limits a height to a drawable one; without one, a fourth of the window. */
export function chartHeight(height = Math.min(360, Math.round(innerHeight / 4))): number {
  return Math.min(MOST, Math.max(LEAST, height));
}
