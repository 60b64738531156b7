package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.option.FigureOptions;
import dev.stratalens.cli.picture.PngPicture;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.report.figure.FigureStyle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import java.util.function.Function;

/** Where a command writes what it found: a file, or standard output with the colours that it has. */
public record Destination(Console console, Optional<OutputFile> file) {

    /** Writes text in colours. */
    @FunctionalInterface
    public interface Text {
        void write(Writer out, HeatScale scale) throws IOException;
    }

    /** Refuses what makes no sense on a terminal, before anything is computed. */
    public void refuseOnTerminal(String format, String fileName) {
        if (file.isEmpty() && console.terminal().output()) {
            throw CliException.usage("--format %s is nothing to read in a terminal; name its file: --output %s"
                    .formatted(format, fileName));
        }
    }

    public void write(Text text) throws IOException {
        if (file.isPresent()) {
            file.get().write(out -> text.write(out, new HeatScale(ColorDepth.PLAIN)));
            return;
        }
        PrintWriter out = console.writer();
        text.write(out, console.scale());
        out.flush();
    }

    /** Draws a picture of pixels.
     *
     * @param svg the picture in a style */
    public void writePng(Function<FigureStyle, String> svg, FigureOptions figure) throws IOException {
        String picture = svg.apply(figure.style().withFontFamilies(PngPicture.FONT_FAMILIES));
        if (file.isPresent()) {
            file.get().writeBytes(out -> PngPicture.write(picture, figure.scale, out));
        } else {
            OutputStream out = console.out();
            PngPicture.write(picture, figure.scale, out);
            out.flush();
        }
    }
}
