import { LensError } from './errors.js';
import type { AnalyzeRequest } from './generated/stratalens/v1/lens_service_pb.js';

/** Why this client could not put the answer to a request together; undefined if it can. */
export function unreadable({ effect }: AnalyzeRequest): LensError | undefined {
  return effect === undefined ? undefined : new LensError(
    'INVALID_REQUEST', 'effect: this client does not read the effect of interventions; leave it out, or use the generated service.');
}
