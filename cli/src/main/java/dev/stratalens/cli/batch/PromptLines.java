package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.request.Prompt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Reads the prompts of a file one after the other; holds one line in memory. */
public final class PromptLines implements Closeable {

    private final PromptFile file;
    private final TextLines lines;

    /** Reads a file from its beginning. */
    public PromptLines(PromptFile file) throws IOException {
        this.file = file;
        this.lines = new TextLines(Files.newInputStream(file.path()));
    }

    /**
     * The next prompt; null after the last.
     *
     * @throws CliException if a line is not one, and names it; the lines after it can be read all the same
     */
    public @Nullable BatchPrompt next() throws IOException {
        try {
            String line = lines.next();
            while (line != null && isEmpty(line)) {
                line = lines.next();
            }
            return line == null ? null : prompt(line);
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, file.place(lines.number()) + ": " + e.getMessage(), e);
        }
    }

    private boolean isEmpty(String line) {
        return file.format() == PromptFormat.TEXT ? line.isEmpty() : line.isBlank();
    }

    private BatchPrompt prompt(String line) {
        int number = lines.number();
        return file.format() == PromptFormat.TEXT
                ? new BatchPrompt(number, Integer.toString(number), new Prompt.Text(line), file.defaults(), "")
                : PromptJson.parse(line, number, file.defaults());
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
