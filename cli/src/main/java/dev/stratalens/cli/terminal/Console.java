package dev.stratalens.cli.terminal;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams of the command and the terminal around them. Text is UTF-8 whatever the locale says: the output is
 * read by programs, too.
 */
public record Console(InputStream in, PrintStream out, PrintStream err, Terminal terminal) {

    /** A buffered writer to standard output; flush it. */
    public PrintWriter writer() {
        return writer(out);
    }

    /** A buffered writer to standard error; flush it. */
    public PrintWriter errorWriter() {
        return writer(err);
    }

    /** Colors of standard output. */
    public HeatScale scale() {
        return new HeatScale(terminal.colors());
    }

    /** A progress line, shown where standard error is a terminal. */
    public ProgressLine progress(boolean quiet) {
        return new ProgressLine(err, terminal.error() && !quiet, terminal.columns());
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    }
}
