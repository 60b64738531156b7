package dev.stratalens.cli.form;

import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.io.IOException;
import java.util.List;

/** Tables as GitHub renders them. Whatever the tokens hold is shown and not interpreted. */
public final class Markdown {

    private Markdown() {}

    /** A heat map under its title. */
    public static void write(HeatMap map, Appendable out) throws IOException {
        writeTitle(map.title(), map.note(), out);
        write(FigureTable.of(map), out);
    }

    /** A line chart as a table under its title. */
    public static void write(LineChart chart, Appendable out) throws IOException {
        writeTitle(chart.title(), chart.note(), out);
        write(ChartTable.of(chart), out);
    }

    /** A table. */
    public static void write(TextTable table, Appendable out) throws IOException {
        line(table.titles(), out);
        out.append('|');
        for (TextTable.Align align : table.alignments()) {
            out.append(align == TextTable.Align.RIGHT ? "--:|" : ":--|");
        }
        out.append('\n');
        for (List<String> row : table.rows()) {
            line(row, out);
        }
    }

    private static void writeTitle(String title, String note, Appendable out) throws IOException {
        if (!title.isEmpty()) {
            out.append(escape(title))
                    .append(note.isEmpty() ? "" : " (" + escape(note) + ")")
                    .append("\n\n");
        }
    }

    private static void line(List<String> texts, Appendable out) throws IOException {
        out.append('|');
        for (String text : texts) {
            out.append(' ').append(escape(text)).append(" |");
        }
        out.append('\n');
    }

    /**
     * A backslash before each sign that may mean something; the lines of a cell are parted by a tag. What cannot be
     * printed is escaped, since Markdown is shown on terminals, too.
     */
    public static String escape(String unescaped) {
        String text = PrintableText.lines(unescaped);
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                escaped.append("<br>");
            } else {
                escaped.append("\\`*_[]<>#|~&$@:".indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return escaped.toString();
    }
}
