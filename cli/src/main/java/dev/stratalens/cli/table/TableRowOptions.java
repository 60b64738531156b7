package dev.stratalens.cli.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a row of a table is, and which columns it has. */
public final class TableRowOptions {

    @Option(
            names = "--rows",
            paramLabel = "WHAT",
            description = "Of a table in Parquet: a row is a position, with lists over layers, or a layer at a position"
                    + " (default: position).")
    @Nullable
    TableRows rows;

    @Option(
            names = "--leave-out",
            paramLabel = "COLUMN",
            split = ",",
            description = "Of a table in Parquet: columns that are not written.")
    List<String> leftOut = new ArrayList<>();

    boolean areGiven() {
        return rows != null || !leftOut.isEmpty();
    }

    /** What a row is. */
    public TableRows rows() {
        return Objects.requireNonNullElse(rows, TableRows.POSITION);
    }

    /**
     * The layout of the table.
     *
     * @param partBytes size from which a part is closed, in bytes
     * @throws dev.stratalens.cli.failure.CliException if a column is not there, or is needed
     */
    public TableLayout layout(long partBytes) {
        return new TableLayout(rows(), TableColumns.without(leftOut), partBytes);
    }
}
