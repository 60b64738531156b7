import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalyzeRequestSchema, EventSchema, type AnalyzeRequest, type Event } from '../../src/generated/stratalens/v1/lens_service_pb.js';

const VECTORS = join('..', '..', 'proto', 'vectors');

/** A recorded answer. */
export interface Vector {
  readonly name: string;
  readonly request: AnalyzeRequest;
  readonly events: readonly Event[];
  readonly outcome: { readonly outcome: 'complete' | 'broken'; readonly because: string };
}

export function vectorNames(): string[] {
  return readdirSync(VECTORS).filter((name) => existsSync(join(VECTORS, name, 'outcome.json')));
}

export function vector(name: string): Vector {
  const file = (part: string) => readFileSync(join(VECTORS, name, part));
  return {
    name,
    request: fromBinary(AnalyzeRequestSchema, file('request.binpb')),
    events: delimited(file('events.binpb')).map((bytes) => fromBinary(EventSchema, bytes)),
    outcome: JSON.parse(file('outcome.json').toString()) as Vector['outcome'],
  };
}

/** The result of a complete answer, in the native format. */
export function nativeResult(name: string): unknown {
  return JSON.parse(readFileSync(join(VECTORS, name, 'result.json'), 'utf8'));
}

/** Messages, each after its length as a varint. */
function delimited(file: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(file);
  const messages: Uint8Array[] = [];
  while (reader.pos < reader.len) messages.push(reader.bytes());
  return messages;
}
