import type { MessageInitShape } from '@bufbuild/protobuf';
import type { IndexRangeSchema } from '../generated/stratalens/v1/lens_pb.js';

/** An index, or a range whose both ends are included. Negative indices count from the end: -1 is the last. */
export type Index = number | { readonly first?: number; readonly last?: number; readonly stride?: number };

/** One index or range, or several. */
export type Indexes = Index | readonly Index[];

export function rangeMessages(indexes: Indexes | undefined): MessageInitShape<typeof IndexRangeSchema>[] {
  if (indexes === undefined) return [];
  const all: readonly Index[] = Array.isArray(indexes) ? indexes : [indexes as Index];
  return all.map((index) => (typeof index === 'number' ? { first: index, last: index } : { ...index }));
}
