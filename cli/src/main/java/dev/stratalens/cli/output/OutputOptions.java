package dev.stratalens.cli.output;

import static java.util.stream.Collectors.joining;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.picture.MissingGlyphs;
import dev.stratalens.cli.picture.PngPicture;
import dev.stratalens.cli.report.Report;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Pager;
import dev.stratalens.cli.terminal.Screen;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a command writes its report, and how pictures of it look: a file, or standard output with the colors that it has. */
public final class OutputOptions {

    private static final String REST =
            "This is the end of a long table. --positions 0-20 shows other tokens, --pager all of them, and explore the map"
                    + " in a browser.";

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write to this file, whole or not at all; its ending can say the format.")
    @Nullable
    Path output;

    @Option(
            names = "--pager",
            description =
                    "Show a table whole, in the program that PAGER names (default: less). Without it, a terminal gets"
                            + " the end of a long one.")
    boolean pager;

    @ArgGroup(validate = false, heading = FigureOptions.HEADING)
    public FigureOptions figure = new FigureOptions();

    private @Nullable OutputFile file;

    private OutputFormat format = OutputFormat.TABLE;

    /**
     * Chooses the format, and refuses what cannot be written, before anything is computed for it.
     *
     * @param wanted of {@code --format}; null = what the ending of the file's name says, else a table
     * @param formats that the command can write
     * @param name of a file that would do, without its ending
     */
    public void check(@Nullable OutputFormat wanted, List<OutputFormat> formats, String name, Console console) {
        figure.check();
        format = wanted != null ? wanted : formatOfFile(formats);
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

    private OutputFormat formatOfFile(List<OutputFormat> formats) {
        Path path = output;
        if (path == null) {
            return OutputFormat.TABLE;
        }
        Optional<OutputFormat> ending = OutputFormat.ofEnding(path);
        Optional<String> unknown = ending.filter(format -> !formats.contains(format))
                .map(OutputFormat::toString)
                .or(() -> ending.isPresent() ? Optional.empty() : OutputFormat.otherEnding(path));
        if (unknown.isPresent()) {
            throw CliException.usage("--output %s: this command writes no %s; choose a --format of: %s."
                    .formatted(
                            path,
                            unknown.get(),
                            formats.stream().map(OutputFormat::toString).collect(joining(", "))));
        }
        return ending.orElse(OutputFormat.TABLE);
    }

    /** What is written; after {@link #check}. */
    public OutputFormat format() {
        return format;
    }

    public boolean isFile() {
        return file != null;
    }

    /** Writes the report; to a file without colors. */
    public void write(Report report, Console console) throws IOException {
        if (format == OutputFormat.PNG) {
            writePng(report, console);
        } else if (file == null) {
            writeToStandardOutput(report, console);
        } else {
            file.write(out -> write(report, console, out, new HeatScale(ColorDepth.PLAIN)));
        }
    }

    private void writeToStandardOutput(Report report, Console console) throws IOException {
        PrintWriter out = console.writer();
        if (format != OutputFormat.TABLE || !console.terminal().output()) {
            write(report, console, out, console.scale());
        } else if (pager) {
            Screen endless = Screen.endless(console.terminal().columns());
            Pager.show(
                    Objects.requireNonNullElse(System.getenv("PAGER"), ""),
                    text -> report.print(text, console.scale(), endless));
        } else {
            Screen screen = Screen.of(console.terminal());
            report.print(out, console.scale(), screen);
            if (screen.isCut()) {
                out.println(console.scale().faint(Paragraph.wrap(REST, screen.columns())));
            }
        }
        out.flush();
    }

    private void writePng(Report report, Console console) throws IOException {
        String picture = report.svg(figure.style().withFontFamilies(PngPicture.FONT_FAMILIES));
        MissingGlyphs.warning(picture).ifPresent(console.err()::println);
        if (file == null) {
            OutputStream out = console.out();
            PngPicture.write(picture, figure.scale, out);
            out.flush();
        } else {
            file.writeBytes(out -> PngPicture.write(picture, figure.scale, out));
        }
    }

    private void write(Report report, Console console, Writer out, HeatScale scale) throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                report.print(printer, scale, Screen.endless(console.terminal().columns()));
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
