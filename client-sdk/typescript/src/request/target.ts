import { create } from '@bufbuild/protobuf';
import { PositionTarget, TargetSchema, type Target } from '../generated/stratalens/v1/lens_pb.js';

/** The prompt's next token. The last position has none. */
export const NEXT_TOKEN: unique symbol = Symbol('the next token');

/** The model's own best token at the position. */
export const FINAL_TOP: unique symbol = Symbol('the final top token');

/**
 * A token to follow in every cell: a word (the vocabulary entry that equals it, where a leading space counts, or else the
 * first token of its encoding), a vocabulary id, or one that depends on the position.
 */
export type WantedTarget = string | number | typeof NEXT_TOKEN | typeof FINAL_TOP;

export function targetMessage(target: WantedTarget): Target {
  if (target === NEXT_TOKEN) return positionTarget(PositionTarget.NEXT_TOKEN);
  if (target === FINAL_TOP) return positionTarget(PositionTarget.FINAL_TOP);
  if (typeof target === 'number') return create(TargetSchema, { token: { case: 'id', value: target } });
  if (typeof target === 'string') return create(TargetSchema, { token: { case: 'text', value: target } });
  throw new TypeError(`a target is ${String(target)}; give a word, a vocabulary id, NEXT_TOKEN or FINAL_TOP`);
}

function positionTarget(value: PositionTarget): Target {
  return create(TargetSchema, { token: { case: 'positionTarget', value } });
}
