package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the prompts of a file one after the other; holds one of them in memory. */
public final class PromptLines implements Closeable {

    /** Where prompts come from. */
    interface Source extends Closeable {

        /** The next prompt; null after the last.
         *
         * @throws CliException if something else is there; does not say where */
        @Nullable
        BatchPrompt next() throws IOException;

        /** What was read last, in words. */
        String place();
    }

    private final Source source;

    /** Reads a file from its beginning. */
    public PromptLines(PromptFile file) throws IOException {
        this.source = file.hasPrompts() ? new WrittenPrompts(file) : new RowPrompts(file);
    }

    /**
     * The next prompt; null after the last.
     *
     * @throws CliException if a line is not one, and names it; the lines after it can be read all the same
     */
    public @Nullable BatchPrompt next() throws IOException {
        try {
            return source.next();
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, source.place() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
