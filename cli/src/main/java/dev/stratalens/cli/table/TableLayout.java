package dev.stratalens.cli.table;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * How results become rows.
 *
 * @param rows what a row is
 * @param columns of the table, in order
 * @param partBytes size from which a part is closed, in bytes
 */
public record TableLayout(TableRows rows, List<TableColumn> columns, long partBytes) {

    /** The schema of the parts. */
    MessageType schema() {
        return new MessageType(
                "stratalens", columns.stream().map(column -> column.field(rows)).toArray(Type[]::new));
    }

    /** The rows of a result, each as its cells: by lens, then by position. */
    List<List<ResultCell>> rows(ResultCell.Asked prompt, LensResult result) {
        List<List<ResultCell>> all = new ArrayList<>();
        for (Lens lens : result.lenses()) {
            LensResult view = result.through(lens);
            for (int position : view.positions()) {
                List<ResultCell> cells = ResultCell.of(prompt, view, position);
                if (rows == TableRows.POSITION) {
                    all.add(cells);
                } else {
                    cells.forEach(cell -> all.add(List.of(cell)));
                }
            }
        }
        return all;
    }

    /** The rows of a result, each as its values in the order of the columns, with lists where columns have them. */
    public List<List<@Nullable Object>> values(ResultCell.Asked prompt, LensResult result) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        for (List<ResultCell> row : rows(prompt, result)) {
            List<@Nullable Object> values = new ArrayList<>(columns.size());
            columns.forEach(column -> values.add(column.value(row, rows)));
            all.add(values);
        }
        return all;
    }

    /** Writes the fields of a row. */
    void write(List<ResultCell> row, RecordConsumer out) {
        for (int index = 0; index < columns.size(); index++) {
            columns.get(index).write(row, rows, index, out);
        }
    }
}
