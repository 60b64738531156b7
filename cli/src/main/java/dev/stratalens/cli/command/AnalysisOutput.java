package dev.stratalens.cli.command;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.report.AnalysisJson;
import dev.stratalens.cli.report.AnalysisReport;
import dev.stratalens.cli.report.Page;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.LensResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an analysis is written, and where to. */
final class AnalysisOutput {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json or csv (default: table). docs/analysis-json.md says what json holds.")
    AnalysisFormat format = AnalysisFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    /**
     * An analysis and what it is about.
     *
     * @param name the analysis's: the command's
     * @param result what was analysed
     * @param positions those that are shown
     * @param report what was found
     */
    record Content(String name, LensResult result, List<Integer> positions, AnalysisReport report) {}

    /** Refuses a file that cannot be written, before anything is computed for it. */
    void check() {
        if (output != null) {
            new OutputFile(output);
        }
    }

    void write(Content content, Console console) throws IOException {
        if (output != null) {
            new OutputFile(output).write(out -> write(content, out, new HeatScale(ColorDepth.PLAIN), console));
            return;
        }
        PrintWriter out = console.writer();
        write(content, out, console.scale(), console);
        out.flush();
    }

    private void write(Content content, Writer out, HeatScale scale, Console console) throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                content.report()
                        .print(new Page(printer, scale, console.terminal().columns()));
                printer.flush();
            }
            case JSON -> {
                JsonWriter json = ListFormat.json(out);
                AnalysisJson.write(content.name(), content.result(), content.positions(), content.report(), json);
                json.flush();
                out.write('\n');
            }
            case CSV -> content.report().writeCsv(out);
        }
    }
}
