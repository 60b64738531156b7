/**
 * Drags from one matching element to another. A pointer that hardly moves is a click and stays one. Escape ends a drag
 * without a drop.
 */
export function dragTo(
  down: PointerEvent,
  within: HTMLElement,
  selector: string,
  drop: (from: HTMLElement, to: HTMLElement) => void,
): void {
  const from = (down.target as Element).closest<HTMLElement>(selector);
  if (!from || down.button !== 0) return;
  let dragging = false;
  let over: HTMLElement | undefined;
  const end = new AbortController();
  const listen = { signal: end.signal };

  const point = (target: HTMLElement | undefined) => {
    over?.classList.remove('sl-drop');
    over = target;
    over?.classList.add('sl-drop');
  };
  const stop = () => {
    end.abort();
    point(undefined);
    from.classList.remove('sl-dragged');
  };
  document.addEventListener('pointermove', (event) => {
    dragging ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > 6;
    if (!dragging) return;
    from.classList.add('sl-dragged');
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>(selector);
    point(under && under !== from && within.contains(under) ? under : undefined);
  }, listen);
  document.addEventListener('pointerup', () => {
    const to = over;
    stop();
    if (!dragging) return;
    // Ignore the click that follows a drag.
    within.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true, signal: AbortSignal.timeout(50) });
    if (to) drop(from, to);
  }, listen);
  document.addEventListener('pointercancel', stop, listen);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && stop(), listen);
}
