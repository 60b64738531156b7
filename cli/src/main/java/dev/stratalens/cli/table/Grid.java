package dev.stratalens.cli.table;

import java.util.List;

/**
 * A table of coloured cells: layers down, tokens across.
 *
 * @param corner what the row labels are; stands on the last line of the head
 * @param rows labels of the rows
 * @param columns the columns, each with as many cells as there are rows
 */
public record Grid(String corner, List<String> rows, List<Column> columns) {

    /**
     * One column.
     *
     * @param head lines above the cells: which position, its token; as many as every other column has
     * @param cells from the top row down
     */
    public record Column(List<String> head, List<Cell> cells) {
        public Column {
            head = List.copyOf(head);
            cells = List.copyOf(cells);
        }
    }

    public Grid {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
    }
}
