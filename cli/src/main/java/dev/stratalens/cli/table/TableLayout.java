package dev.stratalens.cli.table;

import java.util.List;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * How results become rows.
 *
 * @param rows what a row is
 * @param columns of the table, in order
 * @param partBytes size from which a part is closed, in bytes
 */
public record TableLayout(TableRows rows, List<TableColumn> columns, long partBytes) {

    /** A layout with every column but some.
     *
     * @throws dev.stratalens.cli.failure.CliException if there is no such column, or it is needed */
    public static TableLayout without(List<String> leftOut, TableRows rows, long partBytes) {
        return new TableLayout(rows, TableColumns.without(leftOut), partBytes);
    }

    /** The schema of the parts. */
    MessageType schema() {
        return new MessageType(
                "stratalens", columns.stream().map(column -> column.field(rows)).toArray(Type[]::new));
    }

    /** The rows of a position, each as its cells. */
    List<List<ResultCell>> rows(List<ResultCell> cells) {
        return rows == TableRows.POSITION
                ? List.of(cells)
                : cells.stream().map(List::of).toList();
    }

    /** Writes the fields of a row. */
    void write(List<ResultCell> row, RecordConsumer out) {
        for (int index = 0; index < columns.size(); index++) {
            columns.get(index).write(row, rows, index, out);
        }
    }
}
