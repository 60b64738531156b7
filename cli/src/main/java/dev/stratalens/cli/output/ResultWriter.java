package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.option.ColorOptions;
import dev.stratalens.cli.option.FigureOptions;
import dev.stratalens.cli.option.OutputFormat;
import dev.stratalens.cli.picture.PngPicture;
import dev.stratalens.cli.report.CsvReport;
import dev.stratalens.cli.report.Markdown;
import dev.stratalens.cli.report.TableReport;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.file.LensJson;
import dev.stratalens.report.file.V2Json;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Writes a result in the asked format. */
public record ResultWriter(Console console, OutputFormat format, ColorOptions color, FigureOptions figure) {

    /** Refuses what cannot be written, before anything is computed. */
    public void check(boolean toFile) {
        figure.check();
        if (format == OutputFormat.PNG) {
            PngPicture.requireFonts();
        }
        if (toFile || !console.terminal().output()) {
            return;
        }
        if (format == OutputFormat.HTML) {
            throw CliException.usage("--format html is a page for the browser; name its file: --output lens.html");
        }
        if (format == OutputFormat.PNG) {
            throw CliException.usage("--format png is no text; name its file: --output lens.png");
        }
    }

    /** To a file without colours, or to standard output with those that it has. */
    public void write(LensResult result, Optional<OutputFile> file) throws IOException {
        Destination destination = new Destination(console, file);
        if (format == OutputFormat.PNG) {
            destination.writePng(style -> SvgFigure.svg(map(result), style), figure);
        } else {
            destination.write((out, scale) -> write(result, out, scale));
        }
    }

    private void write(LensResult result, Writer out, HeatScale scale) throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                new TableReport(printer, scale, console.terminal().columns()).print(result, map(result));
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
            case MARKDOWN -> Markdown.write(result, map(result), out);
            case SVG -> out.write(SvgFigure.svg(map(result), figure.style()));
            case PNG -> throw new IllegalStateException("a PNG file is no text");
        }
    }

    private HeatMap map(LensResult result) {
        return figure.strided(color.heatMap(result));
    }
}
