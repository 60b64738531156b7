package dev.stratalens.cli.report;

import dev.stratalens.client.figure.HeatMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Two runs in GitHub's Markdown: how they were aligned, the heat map as a table, where they part. */
public final class ComparisonMarkdown {

    private ComparisonMarkdown() {}

    public static void write(Parting parting, HeatMap map, Appendable out) throws IOException {
        for (String run : parting.runs()) {
            out.append("* ").append(escaped(run)).append('\n');
        }
        out.append('\n').append(escaped(String.join(" ", parting.alignment()))).append("\n\n");
        out.append("**")
                .append(escaped(map.title()))
                .append("** (")
                .append(escaped(map.scale().name()))
                .append(")\n\n");
        List<String> head = new ArrayList<>(List.of(map.rowName()));
        map.columns().forEach(column -> head.add(String.join(" ", column.head())));
        row(head, out);
        row(Collections.nCopies(head.size(), "---"), out);
        for (int i = 0; i < map.rows().size(); i++) {
            List<String> row = new ArrayList<>(List.of(map.rows().get(i)));
            for (HeatMap.Column column : map.columns()) {
                HeatMap.Cell cell = column.cells().get(i);
                row.add(cell.word() + " " + cell.number());
            }
            row(row, out);
        }
        out.append("\n**").append(escaped(parting.rowsInWords())).append("**\n\n");
        row(parting.titles(), out);
        row(Collections.nCopies(parting.titles().size(), "---"), out);
        for (List<String> row : parting.rows()) {
            row(row, out);
        }
        out.append('\n').append(escaped(parting.farthest())).append("\n\n");
        out.append(escaped(parting.coverage())).append('\n');
    }

    private static void row(List<String> cells, Appendable out) throws IOException {
        for (String cell : cells) {
            out.append("| ").append(escaped(cell)).append(' ');
        }
        out.append("|\n");
    }

    /** What would be markup stands as it is. */
    private static String escaped(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>|#&~])", "\\\\$1").replace("\n", " ");
    }
}
