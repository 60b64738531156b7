import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalyzeRequestSchema, EventSchema, type AnalyzeRequest, type Event } from '../../src/generated/stratalens/v1/lens_service_pb.js';

const VECTORS = join('..', '..', 'proto', 'vectors');

/** A recorded answer. */
export interface Vector<Request = AnalyzeRequest, Told = Event> {
  readonly name: string;
  readonly request: Request;
  readonly events: readonly Told[];
  readonly outcome: { readonly outcome: 'complete' | 'broken'; readonly because: string };
}

/** @param kind `changed`, `generate` or `sweep`; of analyses unless set */
export function vectorNames(kind = ''): string[] {
  return readdirSync(join(VECTORS, kind))
    .filter((name) => existsSync(join(VECTORS, kind, name, 'outcome.json')))
    .map((name) => join(kind, name));
}

export function vector(name: string): Vector {
  return vectorOf(name, AnalyzeRequestSchema, EventSchema);
}

export function vectorOf<R extends DescMessage, E extends DescMessage>(
  name: string, request: R, event: E): Vector<MessageShape<R>, MessageShape<E>> {
  const file = (part: string) => readFileSync(join(VECTORS, name, part));
  return {
    name,
    request: fromBinary(request, file('request.binpb')),
    events: delimited(file('events.binpb')).map((bytes) => fromBinary(event, bytes)),
    outcome: JSON.parse(file('outcome.json').toString()) as Vector['outcome'],
  };
}

/** The result of a complete answer, as JSON. */
export function recordedResult(name: string): unknown {
  return JSON.parse(readFileSync(join(VECTORS, name, 'result.json'), 'utf8'));
}

/** Messages, each after its length as a varint. */
function delimited(file: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(file);
  const messages: Uint8Array[] = [];
  while (reader.pos < reader.len) messages.push(reader.bytes());
  return messages;
}
