package dev.stratalens.cli.table;

import java.util.List;
import java.util.function.Function;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name lower case with underscores
 * @param scope what it is a number of
 * @param type of a single value
 * @param value the value in a cell, or null; a list of values, which may be null, if the scope says so
 */
public record TableColumn(String name, Scope scope, ValueType type, Function<ResultCell, @Nullable Object> value) {

    /** What a column has values of. */
    public enum Scope {
        /** The prompt, or a position of it: one value. */
        POSITION,
        /** The targets at a position: a list. */
        TARGETS,
        /** The cell: one value. */
        CELL,
        /** The predictions or targets in a cell: a list. */
        TOKENS_OF_CELL;

        private boolean isOfCell() {
            return this == CELL || this == TOKENS_OF_CELL;
        }

        private int lists() {
            return this == TARGETS || this == TOKENS_OF_CELL ? 1 : 0;
        }
    }

    /** How many lists are within each other in a row. */
    public int depth(TableRows rows) {
        return scope.lists() + (scope.isOfCell() && rows == TableRows.POSITION ? 1 : 0);
    }

    /** The column in a schema. */
    Type field(TableRows rows) {
        Type element = type.field("element", Repetition.OPTIONAL);
        int depth = depth(rows);
        if (depth == 0) {
            return type.field(name, Repetition.OPTIONAL);
        }
        for (int inner = 1; inner < depth; inner++) {
            element = Types.optionalList().element(element).named("element");
        }
        return Types.optionalList().element(element).named(name);
    }

    /** What a row has here, of one cell or of all cells of a position: a value, or as many lists within each other as it has depth. */
    @Nullable
    Object value(List<ResultCell> cells, TableRows rows) {
        boolean each = scope.isOfCell() && rows == TableRows.POSITION;
        return each ? cells.stream().map(value).toList() : value.apply(cells.get(0));
    }

    /** Writes the values of a row. */
    void write(List<ResultCell> cells, TableRows rows, int index, RecordConsumer out) {
        Object row = value(cells, rows);
        if (row != null) {
            out.startField(name, index);
            write(row, out);
            out.endField(name, index);
        }
    }

    /** As the format has lists: a group with a repeated group of elements. */
    private void write(Object given, RecordConsumer out) {
        if (!(given instanceof List<?> list)) {
            type.write(given, out);
            return;
        }
        out.startGroup();
        if (!list.isEmpty()) {
            out.startField("list", 0);
            for (Object element : list) {
                out.startGroup();
                if (element != null) {
                    out.startField("element", 0);
                    write(element, out);
                    out.endField("element", 0);
                }
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }
}
