package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.picture.PngPicture;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a command writes its report, and how pictures of it look: a file, or standard output with the colors that it has. */
public final class OutputOptions {

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @ArgGroup(validate = false, heading = FigureOptions.HEADING)
    public FigureOptions figure = new FigureOptions();

    private @Nullable OutputFile file;

    /**
     * Refuses what cannot be written, before anything is computed for it.
     *
     * @param name of a file that would do, without its ending
     */
    public void check(OutputFormat format, String name, Console console) {
        figure.check();
        if (format == OutputFormat.PNG) {
            PngPicture.requireFonts();
        }
        if (output != null) {
            file = new OutputFile(output);
        } else if (console.terminal().output() && (format == OutputFormat.PNG || format == OutputFormat.HTML)) {
            String what = format == OutputFormat.PNG ? "a picture" : "a page for the browser";
            throw CliException.usage(
                    "--format %s is %s; name its file: --output %s.%s".formatted(format, what, name, format));
        }
    }

    public boolean isFile() {
        return file != null;
    }

    /** Writes the report; to a file without colors. */
    public void write(Report report, OutputFormat format, Console console) throws IOException {
        if (format == OutputFormat.PNG) {
            writePng(report, console);
        } else if (file == null) {
            PrintWriter out = console.writer();
            write(report, format, console, out, console.scale());
            out.flush();
        } else {
            file.write(out -> write(report, format, console, out, new HeatScale(ColorDepth.PLAIN)));
        }
    }

    private void writePng(Report report, Console console) throws IOException {
        String picture = report.svg(figure.style().withFontFamilies(PngPicture.FONT_FAMILIES));
        if (file == null) {
            OutputStream out = console.out();
            PngPicture.write(picture, figure.scale, out);
            out.flush();
        } else {
            file.writeBytes(out -> PngPicture.write(picture, figure.scale, out));
        }
    }

    private void write(Report report, OutputFormat format, Console console, Writer out, HeatScale scale)
            throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                report.print(printer, scale, console.terminal().columns());
                printer.flush();
            }
            case JSON -> report.writeJson(out);
            case V2 -> report.writeV2(out);
            case CSV -> report.writeCsv(out);
            case MARKDOWN -> report.writeMarkdown(out);
            case HTML -> report.page().write(out);
            case SVG -> out.write(report.svg(figure.style()));
            case PNG -> throw new IllegalStateException("a PNG file is not text");
        }
    }
}
