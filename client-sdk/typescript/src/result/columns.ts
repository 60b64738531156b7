import { getOption, hasOption } from '@bufbuild/protobuf';
import { column, StatisticSchema, type ColumnDescription, type Statistic } from '../generated/stratalens/v1/column_pb.js';

/** Names of the columns that a request may ask for. */
export type StatisticName = 'log-sum-exp' | 'entropy' | 'kl-from-final' | 'kl-from-next' | 'margin' | 'cross-entropy';

/** A column with its description in the contract: unit, range, meaning. */
export interface Column {
  readonly statistic: Statistic;
  readonly name: StatisticName;
  readonly description: ColumnDescription;
}

/** All columns, as the contract describes them. */
export const COLUMNS: readonly Column[] = StatisticSchema.values
  .filter((value) => hasOption(value, column))
  .map((value) => {
    const description = getOption(value, column);
    return { statistic: value.number as Statistic, name: description.name as StatisticName, description };
  });

/**
 * The column of a name.
 *
 * @throws RangeError if there is none
 */
export function columnOf(name: string): Column {
  const found = COLUMNS.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`there is no statistic '${name}'; choose from ${COLUMNS.map((each) => each.name).join(', ')}`);
  return found;
}
