/** Parquet files: some columns of one, row by row; a new one from rows. */
@NullMarked
package dev.stratalens.cli.parquet;

import org.jspecify.annotations.NullMarked;
