package dev.stratalens.cli.report;

import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** What a command found, ready to be written in any form that the command offers. None closes what it writes to. */
public interface Report {

    /**
     * For people.
     *
     * @param screen its room
     */
    void print(PrintWriter out, HeatScale scale, Screen screen);

    /** Every number, as one object and a line feed. */
    void writeJson(Writer out) throws IOException;

    /** One line a number or cell, with a line of names above. */
    void writeCsv(Writer out) throws IOException;

    /** A picture. */
    String svg(FigureStyle style);

    /** Tables that GitHub renders. */
    default void writeMarkdown(Writer out) throws IOException {
        throw new UnsupportedOperationException("its command does not offer Markdown");
    }

    /** A page for the browser. */
    default HtmlReport page() {
        throw new UnsupportedOperationException("its command does not offer a page");
    }

    /** The interchange format of the existing viewer. */
    default void writeV2(Writer out) throws IOException {
        throw new UnsupportedOperationException("its command does not offer V2 JSON");
    }
}
