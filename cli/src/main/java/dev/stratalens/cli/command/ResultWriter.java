package dev.stratalens.cli.command;

import dev.stratalens.cli.report.CsvReport;
import dev.stratalens.cli.report.TableReport;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.HtmlReport;
import dev.stratalens.client.LensJson;
import dev.stratalens.client.LensResult;
import dev.stratalens.client.V2Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes a result in the asked format. */
record ResultWriter(Console console, OutputFormat format) {

    /** To standard output, with the colours that it has. */
    void writeToConsole(LensResult result) throws IOException {
        PrintWriter out = console.writer();
        write(result, out, console.scale());
        out.flush();
    }

    /** Without colours. */
    void writePlain(LensResult result, Writer out) throws IOException {
        write(result, out, new HeatScale(ColorDepth.PLAIN));
    }

    private void write(LensResult result, Writer out, HeatScale scale) throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                new TableReport(printer, scale, console.terminal().columns()).print(result);
                printer.flush();
            }
            case JSON -> {
                LensJson.write(result, out);
                out.write('\n');
            }
            case V2 -> {
                V2Json.write(result, out, Instant.now().truncatedTo(ChronoUnit.SECONDS));
                out.write('\n');
            }
            case CSV -> CsvReport.write(result, out);
            case HTML -> HtmlReport.of(result).build().write(out);
        }
    }
}
