package dev.stratalens.cli.form;

import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.engine.error.PrintableText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A plain table: a head and rows, columns as wide as their widest text, two spaces between them. */
public final class TextTable {

    /** Side on which a column's texts stand. */
    public enum Align {
        LEFT,
        RIGHT
    }

    private record Head(String title, Align align) {}

    private final List<Head> heads = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a column. What of its title cannot be printed is escaped, but not line feeds. */
    public TextTable column(String title, Align align) {
        heads.add(new Head(PrintableText.lines(title), align));
        return this;
    }

    /** Adds a row: one text a column. What of it cannot be printed is escaped. */
    public void row(List<String> texts) {
        if (texts.size() != heads.size()) {
            throw new IllegalArgumentException(texts.size() + " texts for " + heads.size() + " columns");
        }
        rows.add(texts.stream().map(PrintableText::of).toList());
    }

    /** Titles of the columns. */
    public List<String> titles() {
        return heads.stream().map(Head::title).toList();
    }

    /** Sides on which the columns' texts stand. */
    public List<Align> alignments() {
        return heads.stream().map(Head::align).toList();
    }

    /** The rows, from the top down. */
    public List<List<String>> rows() {
        return List.copyOf(rows);
    }

    /** Prints the whole table.
     *
     * @param headStyle applied to the line of titles */
    public void print(PrintWriter out, UnaryOperator<String> headStyle) {
        print(out, headStyle, Screen.endless(0));
    }

    /** Prints the table, or its last rows if it is long. */
    public void print(PrintWriter out, UnaryOperator<String> headStyle, Screen screen) {
        int[] widths = new int[heads.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = DisplayWidth.of(heads.get(column).title());
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], DisplayWidth.of(row.get(column)));
            }
        }
        out.println(headStyle.apply(line(titles(), widths)));
        int left = rows.size() - screen.blocks(rows.size(), 1);
        if (left > 0) {
            out.printf("... %d rows before these%n", left);
        }
        for (List<String> row : rows.subList(left, rows.size())) {
            out.println(line(row, widths));
        }
    }

    private String line(List<String> texts, int[] widths) {
        List<String> parts = new ArrayList<>();
        for (int column = 0; column < widths.length; column++) {
            parts.add(
                    heads.get(column).align() == Align.LEFT
                            ? DisplayWidth.padRight(texts.get(column), widths[column])
                            : DisplayWidth.padLeft(texts.get(column), widths[column]));
        }
        return String.join("  ", parts).stripTrailing();
    }
}
