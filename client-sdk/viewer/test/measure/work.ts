/** An event of Chromium's trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Script, and what lays out the page after it. */
const WORK = new Set(['FunctionCall', 'FireAnimationFrame', 'EventDispatch', 'TimerFire', 'RunMicrotasks', 'UpdateLayoutTree', 'Layout', 'PrePaint', 'MinorGC', 'MajorGC']);

export const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8'];

/** Milliseconds of script and layout in each frame of a page's main thread; a frame begins with its animation callbacks. */
export function workOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const starts = traceEvents.filter(({ name }) => name === 'FireAnimationFrame');
  const { pid, tid } = starts[0]!;
  const begins = starts.filter((event) => event.pid === pid && event.tid === tid).map(({ ts }) => ts).sort((a, b) => a - b);
  const work = traceEvents.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X' && WORK.has(event.name)).sort((a, b) => a.ts - b.ts);
  const frames = begins.map(() => 0);
  let [frame, done] = [0, 0];
  for (const { ts, dur = 0 } of work) {
    if (ts < begins[0]!) continue;
    while (frame + 1 < begins.length && begins[frame + 1]! <= ts) frame++;
    // What lies within another event has been counted with it.
    frames[frame]! += Math.max(0, ts + dur - Math.max(ts, done)) / 1000;
    done = Math.max(done, ts + dur);
  }
  return frames.slice(0, -1);
}
