package dev.stratalens.cli.output;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.option.AnalysisFormat;
import dev.stratalens.cli.option.FigureOptions;
import dev.stratalens.cli.option.ListFormat;
import dev.stratalens.cli.picture.PngPicture;
import dev.stratalens.cli.report.AnalysisJson;
import dev.stratalens.cli.report.AnalysisReport;
import dev.stratalens.cli.report.MarkdownPage;
import dev.stratalens.cli.report.Picture;
import dev.stratalens.cli.report.TextPage;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.page.HtmlReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How an analysis is written, and where to. */
public final class AnalysisOutput {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description =
                    "table, json, csv, markdown, svg, png or html (default: table). html is the whole result in the"
                            + " viewer; docs/analysis-json.md says what json and csv hold.")
    AnalysisFormat format = AnalysisFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @ArgGroup(validate = false, heading = FigureOptions.HEADING)
    FigureOptions figure = new FigureOptions();

    /**
     * An analysis and what it is about.
     *
     * @param name the analysis's: the command's
     * @param result what was analysed
     * @param positions those that are shown
     * @param report what was found
     */
    public record Content(String name, LensResult result, List<Integer> positions, AnalysisReport report) {}

    /** Refuses what cannot be written, before anything is computed for it. */
    public void check(Console console) {
        figure.check();
        if (format == AnalysisFormat.PNG) {
            PngPicture.requireFonts();
        }
        if (output == null
                && console.terminal().output()
                && (format == AnalysisFormat.PNG || format == AnalysisFormat.HTML)) {
            throw CliException.usage(
                    "--format %s is nothing for a terminal; name its file: --output lens.%s".formatted(format, format));
        }
        file();
    }

    /** Whether more is shown than the analysis needs. */
    public boolean showsEverything() {
        return format == AnalysisFormat.HTML;
    }

    public void write(Content content, Console console) throws IOException {
        Destination destination = new Destination(console, file());
        if (format == AnalysisFormat.PNG) {
            destination.writePng(style -> svg(content, style), figure);
        } else {
            destination.write((out, scale) -> write(content, out, scale, console));
        }
    }

    private Optional<OutputFile> file() {
        return Optional.ofNullable(output).map(OutputFile::new);
    }

    private void write(Content content, Writer out, HeatScale scale, Console console) throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                content.report()
                        .print(new TextPage(printer, scale, console.terminal().columns(), figure::strided));
                printer.flush();
            }
            case JSON -> {
                JsonWriter json = ListFormat.json(out);
                AnalysisJson.write(content.name(), content.result(), content.positions(), content.report(), json);
                json.flush();
                out.write('\n');
            }
            case CSV -> content.report().writeCsv(out);
            case MARKDOWN -> content.report().print(new MarkdownPage(out, figure::strided));
            case SVG -> out.write(svg(content, figure.style()));
            case HTML -> HtmlReport.of(content.result()).build().write(out);
            case PNG -> throw new IllegalStateException("a PNG file is no text");
        }
    }

    private String svg(Content content, FigureStyle style) {
        Picture picture = content.report().picture();
        return picture instanceof Picture.Cells cells
                ? SvgFigure.svg(figure.strided(cells.map()), style)
                : SvgFigure.svg(((Picture.Curves) picture).chart(), style);
    }
}
