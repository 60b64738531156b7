/** Results as tables: a folder of Parquet files that a batch adds to. */
@NullMarked
package dev.stratalens.cli.table;

import org.jspecify.annotations.NullMarked;
