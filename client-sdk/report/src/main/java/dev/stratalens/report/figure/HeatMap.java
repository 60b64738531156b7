package dev.stratalens.report.figure;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Colored cells with words: layers down, tokens across. Pictures, terminals, tables and CSV files show the same
 * contents.
 *
 * @param title a sentence; may be empty
 * @param note a remark in smaller letters; may be empty
 * @param rowName name of the rows, for example {@code "layer"}
 * @param rows label of each row, from the top down
 * @param headNames names of the lines of a column's head, for example {@code "position", "token"}
 * @param columns from left to right, each with as many cells as there are rows and as many head lines as there are names
 * @param scale meaning of the colors
 */
public record HeatMap(
        String title,
        String note,
        String rowName,
        List<String> rows,
        List<String> headNames,
        List<Column> columns,
        ColorScale scale) {

    /**
     * One column.
     *
     * @param head lines above the cells: position, token
     * @param cells from the top row down
     */
    public record Column(List<String> head, List<Cell> cells) {
        /** Copies the lists. */
        public Column {
            head = List.copyOf(head);
            cells = List.copyOf(cells);
        }
    }

    /**
     * One cell.
     *
     * @param word shortened if there is no room; may be empty
     * @param value the value of the color; NaN for none
     * @param number the value as a short text, never shortened; may be empty
     * @param outlined whether pictures draw a line between this cell and neighbors that are not outlined
     */
    public record Cell(String word, double value, String number, boolean outlined) {

        /** An empty cell. */
        public static final Cell EMPTY = new Cell("", Double.NaN, "");

        /** A cell that is not outlined. */
        public Cell(String word, double value, String number) {
            this(word, value, number, false);
        }
    }

    /** Checks that the columns fit the rows and the names of the heads. */
    public HeatMap {
        rows = List.copyOf(rows);
        headNames = List.copyOf(headNames);
        columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            requireCount("cells", i, columns.get(i).cells().size(), rows.size());
            requireCount("head lines", i, columns.get(i).head().size(), headNames.size());
        }
    }

    /**
     * The same with every n-th row from the first on, and always the last; the title says so.
     *
     * @param stride 1 or more; 1 leaves it as it is
     */
    public HeatMap withStride(int stride) {
        if (stride < 1) {
            throw new IllegalArgumentException("stride " + stride + " is below 1; 2 shows every other row");
        }
        int last = rows.size() - 1;
        List<Integer> kept = IntStream.rangeClosed(0, last)
                .filter(row -> row % stride == 0 || row == last)
                .boxed()
                .toList();
        if (kept.size() == rows.size()) {
            return this;
        }
        String ordinal = stride == 2 ? "2nd" : stride == 3 ? "3rd" : stride + "th";
        return new HeatMap(
                "%s (every %s %s and the last)".formatted(title, ordinal, rowName),
                note,
                rowName,
                kept.stream().map(rows::get).toList(),
                headNames,
                columns.stream()
                        .map(column -> new Column(
                                column.head(),
                                kept.stream().map(column.cells()::get).toList()))
                        .toList(),
                scale);
    }

    /** The same with another note. */
    public HeatMap withNote(String other) {
        return new HeatMap(title, other, rowName, rows, headNames, columns, scale);
    }

    private static void requireCount(String what, int column, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    "column %d has %d %s; the heat map has %d".formatted(column, found, what, expected));
        }
    }
}
