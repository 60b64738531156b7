/** An event of Chromium's trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own time, whatever else the processor did. */
  readonly tdur?: number;
}

/** Script, and what lays out the page after it. */
const WORK = new Set(['FunctionCall', 'FireAnimationFrame', 'EventDispatch', 'TimerFire', 'RunMicrotasks', 'UpdateLayoutTree', 'Layout', 'PrePaint', 'MinorGC', 'MajorGC']);

export const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8'];

/** Milliseconds of script and layout in each frame of a page's main thread; a frame begins with its animation callbacks. */
export function workOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const { pid, tid } = traceEvents.find(({ name }) => name === 'FireAnimationFrame')!;
  const ofPage = traceEvents.filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X').sort((a, b) => a.ts - b.ts);
  const begins = ofPage.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
  const frames = begins.map(() => 0);
  let [frame, end] = [0, 0];
  for (const { name, ts, dur = 0, tdur } of ofPage) {
    // What lies within another has been counted with it.
    if (!WORK.has(name) || ts < begins[0]! || ts < end) continue;
    if (tdur === undefined) throw new Error(`the trace has no thread time of ${name}`);
    while (frame + 1 < begins.length && begins[frame + 1]! <= ts) frame++;
    frames[frame]! += tdur / 1000;
    end = ts + dur;
  }
  return frames.slice(0, -1);
}
