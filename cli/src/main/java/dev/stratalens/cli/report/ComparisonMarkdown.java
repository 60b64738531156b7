package dev.stratalens.cli.report;

import dev.stratalens.report.figure.HeatMap;
import java.io.IOException;

/** Two runs in Markdown: how they were aligned, the heat map as a table, where they part. */
public final class ComparisonMarkdown {

    private ComparisonMarkdown() {}

    public static void write(Parting parting, HeatMap map, Appendable out) throws IOException {
        for (String run : parting.runs()) {
            out.append("* ").append(Markdown.escape(run)).append('\n');
        }
        out.append('\n');
        paragraph(String.join(" ", parting.alignment()), out);
        Markdown.write(map.withNote(map.scale().name()), out);
        out.append('\n');
        paragraph(parting.rowsInWords(), out);
        Markdown.write(ComparisonReport.table(parting), out);
        out.append('\n');
        paragraph(parting.farthest(), out);
        paragraph(parting.coverage(), out);
    }

    private static void paragraph(String text, Appendable out) throws IOException {
        out.append(Markdown.escape(text)).append("\n\n");
    }
}
