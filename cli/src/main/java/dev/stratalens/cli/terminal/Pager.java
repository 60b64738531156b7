package dev.stratalens.cli.terminal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Shows a long text in the program that {@code PAGER} names, or else in {@code less}. */
public final class Pager {

    /** Keeps colors, and does not fold lines. */
    private static final String USUAL = "less -RS";

    private Pager() {}

    /** Writes to the pager and waits until the reader leaves it, which may be before the end of the text.
     *
     * @param command as {@code PAGER} has it; empty for the usual one */
    public static void show(String command, Consumer<PrintWriter> text) throws IOException {
        Process pager = new ProcessBuilder("sh", "-c", command.isBlank() ? USUAL : command)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT)
                .start();
        try (PrintWriter out =
                new PrintWriter(new OutputStreamWriter(pager.getOutputStream(), StandardCharsets.UTF_8))) {
            text.accept(out);
        }
        try {
            pager.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the pager was open");
        }
    }
}
