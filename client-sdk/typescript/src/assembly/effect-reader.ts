import type { EffectOptions, InterventionEffect } from '../generated/stratalens/v1/intervention_pb.js';
import { Effect } from '../result/effect.js';
import type { Info } from '../result/info.js';
import { require } from './broken-stream.js';

/** Checks an effect against request and header. */
export function readEffect(asked: EffectOptions, info: Info, message: InterventionEffect): Effect {
  const { reached, metrics, largestUnreachedDifference } = message;
  require(reached.length === info.points.length, () => `the effect speaks of ${reached.length} of ${info.points.length} read points`);
  require(metrics.length === asked.metrics.length, () => `${metrics.length} of ${asked.metrics.length} metrics came`);
  const known = new Set(info.positions);
  const positions = reached.map(({ positions: ranges }) => ranges.flatMap(({ first = 0, last = 0, stride = 0 }) => {
    require(stride >= 1 && first >= 0, () => `the effect speaks of the positions ${first} .. ${last}, every ${stride}`);
    const found = [];
    for (let position = first; position < last; position += stride) found.push(position);
    found.push(last);
    found.forEach((position) => require(known.has(position), () => `the effect speaks of position ${position}, which is not in the result`));
    return found;
  }));
  return new Effect(info.points, positions, largestUnreachedDifference, metrics);
}
