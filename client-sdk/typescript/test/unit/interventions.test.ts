import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { clone, create } from '@bufbuild/protobuf';
import { Assembler } from '../../src/assembly/assembler.js';
import { SweepAssembler } from '../../src/assembly/sweep-assembler.js';
import { LensError } from '../../src/errors.js';
import { AnalyzeRequestSchema, EventSchema, SweepEventSchema, type AnalyzeRequest, type Event, type SweepEvent } from '../../src/generated/stratalens/v1/lens_service_pb.js';
import { vector } from '../support/vector.js';

const isBroken = (error: unknown) => error instanceof LensError && error.code === 'BROKEN_STREAM';

/** An answer to a request with interventions: a recorded one for both passes, and the effect before the summary. */
function changed(): { request: AnalyzeRequest; events: Event[] } {
  const recorded = vector('plain');
  const request = clone(AnalyzeRequestSchema, recorded.request);
  request.effect = create(AnalyzeRequestSchema, { effect: { metrics: [{}], withUnchangedResult: true } }).effect!;
  const unchanged = recorded.events.map((event) => Object.assign(clone(EventSchema, event), { unchanged: true }));
  const effect = create(EventSchema, {
    kind: {
      case: 'interventionEffect',
      value: { reached: [{}, { positions: [{ first: 2, last: 4, stride: 1 }] }], metrics: [{ unchanged: 3, changed: 1 }] },
    },
  });
  return { request, events: [...unchanged, ...recorded.events.slice(0, -1), effect, recorded.events.at(-1)!] };
}

function read({ request, events }: { request: AnalyzeRequest; events: readonly Event[] }) {
  const assembler = new Assembler(request);
  for (const event of events) assembler.add(event);
  return assembler.finish();
}

test('an effect, and the unchanged result', () => {
  const { effect, unchanged, info, layers } = read(changed());
  assert.deepEqual(unchanged!.layers[0]!.arrays, layers[0]!.arrays);
  assert.equal(unchanged!.effect, undefined);
  assert.ok(effect!.reaches(info.points[1]!, 3));
  assert.ok(!effect!.reaches(info.points[0]!, 3));
  assert.equal(effect!.metrics[0]!.changed, 1);
});

const DAMAGES: Record<string, (answer: { request: AnalyzeRequest; events: Event[] }) => void> = {
  'no effect': ({ events }) => events.splice(-2, 1),
  'two effects': ({ events }) => events.splice(-2, 0, events.at(-2)!),
  'an effect that was not asked for': (answer) => {
    delete answer.request.effect;
    answer.events = answer.events.filter((event) => !event.unchanged);
  },
  'an unchanged result that was not asked for': ({ request }) => (request.effect!.withUnchangedResult = false),
  'an unchanged result that is not complete': (answer) => {
    answer.events = answer.events.filter((event) => !event.unchanged || event.kind.case !== 'summary');
  },
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(name, () => {
    const answer = changed();
    damage(answer);
    assert.throws(() => read(answer), isBroken);
  });
}

/** The events of a sweep of two layers, one position and two heads. */
function sweptEvents(): SweepEvent[] {
  const kinds: SweepEvent['kind'][] = [];
  const add = (kind: Parameters<typeof create<typeof SweepEventSchema>>[1]) => kinds.push(create(SweepEventSchema, kind).kind);
  add({ kind: { case: 'header', value: { model: { vocabularySize: 10 }, tokenCount: 2, layers: [3, 5], positions: [1], heads: [0, 4], unchanged: 7 } } });
  const newTokens = { ids: [4, 6], texts: [new Uint8Array([97]), new Uint8Array([98])] };
  add({ kind: { case: 'promptChunk', value: { tokenIds: [4, 6], positions: [{ first: 1, last: 1, stride: 1 }], newTokens } } });
  add({});
  add({ kind: { case: 'cells', value: { firstCell: 3n, values: [0.75] } } });
  add({ kind: { case: 'cells', value: { firstCell: 0n, values: [0, 0.25, 0.5] } } });
  add({ kind: { case: 'summary', value: { cellCount: 4n } } });
  return kinds.map((kind) => create(SweepEventSchema, { kind }));
}

function swept(events: readonly SweepEvent[]) {
  const assembler = new SweepAssembler();
  for (const event of events) assembler.add(event);
  return assembler.finish();
}

test('a sweep', () => {
  const sweep = swept(sweptEvents());
  assert.deepEqual([sweep.at(3, 1), sweep.atHead(3, 1, 4), sweep.atHead(5, 1, 0), sweep.atHead(5, 1, 4)], [0, 0.25, 0.5, 0.75]);
  assert.equal(sweep.tokens[1]!.text, 'b');
  assert.throws(() => sweep.at(4, 1), /not in the sweep/);
});

const SWEEP_DAMAGES: Record<string, (events: SweepEvent[]) => void> = {
  'no header': (events) => events.shift(),
  'two headers': (events) => events.splice(1, 0, events[0]!),
  'no prompt': (events) => events.splice(1, 1),
  'missing cells': (events) => events.splice(3, 1),
  'cells twice': (events) => events.splice(3, 0, events[3]!),
  'no summary': (events) => events.pop(),
  'cells after the summary': (events) => events.push(events[3]!),
};

for (const [name, damage] of Object.entries(SWEEP_DAMAGES)) {
  test(`a sweep with ${name}`, () => {
    const events = sweptEvents();
    damage(events);
    assert.throws(() => swept(events), isBroken);
  });
}

test('a sweep that promises more cells than can be kept', () => {
  const [header, prompt] = sweptEvents() as [SweepEvent, SweepEvent];
  assert.ok(header.kind.case === 'header');
  header.kind.value.layers = header.kind.value.heads = Array.from({ length: 50_000 }, (_, i) => i);
  assert.throws(() => swept([header, prompt]), /the header promises 2500000000 cells, more than can be kept/);
});
