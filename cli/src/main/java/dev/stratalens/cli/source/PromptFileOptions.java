package dev.stratalens.cli.source;

import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.batch.PromptFormat;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.terminal.Console;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file of prompts, and how many of them are computed at once. */
public final class PromptFileOptions {

    private static final int MOST = 1024;

    @Parameters(
            paramLabel = "PROMPTS",
            description = "A file with a JSON object a line, or .txt with a prompt a line; `-`: standard input.")
    public String input = "";

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "jsonl or text (default: text for .txt, else jsonl).")
    @Nullable
    PromptFormat format;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Prompts at once, 1 to 1024 (default: 16). More for short prompts, fewer for long ones: their"
                    + " results take memory.")
    public int inFlight = 16;

    /**
     * Opens the file; the caller closes it.
     *
     * @param settings what prompts that say nothing else ask for
     * @throws CliException if a number is out of range, before anything is read
     */
    public PromptFile open(Console console, LensSettings settings) throws IOException {
        if (inFlight < 1 || inFlight > MOST) {
            throw CliException.usage("--in-flight: %d is outside 1 .. %d.".formatted(inFlight, MOST));
        }
        return PromptFile.of(input, console.in(), format, settings);
    }
}
