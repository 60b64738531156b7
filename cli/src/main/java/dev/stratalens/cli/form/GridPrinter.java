package dev.stratalens.cli.form;

import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints a {@link HeatMap} so that it fits a width: as many columns as fit, then the same rows again with the next ones. If
 * that is long, only the last columns.
 */
public final class GridPrinter {

    /** Longer words are shortened; their whole text is in every other format. */
    private static final int WIDEST_WORD = 14;

    private final PrintWriter out;
    private final HeatScale scale;
    private final Screen screen;

    /** A printer for one output.
     *
     * @param screen its room */
    public GridPrinter(PrintWriter out, HeatScale scale, Screen screen) {
        this.out = out;
        this.scale = scale;
        this.screen = screen;
    }

    /** Prints the grid. */
    public void print(HeatMap grid) {
        int labels = DisplayWidth.of(grid.rowName());
        for (String row : grid.rows()) {
            labels = Math.max(labels, DisplayWidth.of(row));
        }
        int[] widths = grid.columns().stream().mapToInt(GridPrinter::width).toArray();
        List<Integer> ends = new ArrayList<>();
        for (int first = 0; first < widths.length; first = ends.get(ends.size() - 1)) {
            ends.add(endOfPage(widths, first, labels));
        }
        int lines = grid.rows().size() + grid.columns().get(0).head().size() + 1;
        int shown = screen.blocks(ends.size(), lines);
        int first = shown == ends.size() ? 0 : beginning(widths, shown, labels);
        if (first > 0) {
            out.printf("... %d columns before these%n%n", first);
        }
        for (int begin = first; begin < widths.length; ) {
            int end = endOfPage(widths, begin, labels);
            if (begin > first) {
                out.println();
            }
            page(grid, begin, end, widths, labels);
            begin = end;
        }
    }

    /** The first column of the last full pages. */
    private int beginning(int[] widths, int pages, int labels) {
        int first = widths.length;
        for (int page = 0; page < pages; page++) {
            int end = first--;
            while (first > 0 && endOfPage(widths, first - 1, labels) >= end) {
                first--;
            }
        }
        return first;
    }

    /** Prints what the colors mean, after an empty line; nothing where there are no colors. */
    public void legend(ColorScale colors) {
        if (!scale.hasShades()) {
            return;
        }
        StringBuilder line = new StringBuilder(colors.name()).append(' ');
        for (ColorScale.Tick tick : colors.ticks()) {
            line.append(scale.paint(" " + tick.text() + " ", colors.ramp(), tick.position()));
        }
        out.printf("%n%s%n", line);
    }

    private static int width(HeatMap.Column column) {
        int width = 0;
        for (String line : column.head()) {
            width = Math.max(width, Math.min(WIDEST_WORD, DisplayWidth.of(line)));
        }
        for (Cell cell : column.cells()) {
            width = Math.max(width, CellLayout.width(cell, WIDEST_WORD));
        }
        return width;
    }

    /** One column at least, however wide. */
    private int endOfPage(int[] widths, int first, int labels) {
        int used = labels;
        int end = first;
        while (end < widths.length && (end == first || used + columnWidth(widths[end]) <= screen.columns())) {
            used += columnWidth(widths[end]);
            end++;
        }
        return end;
    }

    /** A cell stands between two spaces that share its background. */
    private int columnWidth(int width) {
        return width + 2 + scale.extraWidth();
    }

    private void page(HeatMap grid, int first, int end, int[] widths, int labels) {
        int headLines = grid.columns().get(first).head().size();
        for (int i = 0; i < headLines; i++) {
            head(grid, i, first, end, widths, i == headLines - 1 ? grid.rowName() : "", labels);
        }
        for (int row = 0; row < grid.rows().size(); row++) {
            StringBuilder line =
                    new StringBuilder(DisplayWidth.padLeft(grid.rows().get(row), labels));
            for (int i = first; i < end; i++) {
                Cell cell = grid.columns().get(i).cells().get(row);
                line.append(scale.paint(
                        " " + CellLayout.layOut(cell, widths[i]) + " ",
                        grid.scale().ramp(),
                        grid.scale().position(cell.value())));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private void head(HeatMap grid, int lineIndex, int first, int end, int[] widths, String corner, int labels) {
        StringBuilder line = new StringBuilder(DisplayWidth.padRight(corner, labels));
        for (int i = first; i < end; i++) {
            String text = DisplayWidth.shorten(grid.columns().get(i).head().get(lineIndex), widths[i]);
            line.append(" ".repeat(1 + scale.extraWidth()))
                    .append(DisplayWidth.padRight(text, widths[i]))
                    .append(' ');
        }
        String head = line.toString().stripTrailing();
        out.println(corner.isEmpty() ? scale.faint(head) : scale.bold(head));
    }
}
