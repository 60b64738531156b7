package dev.stratalens.cli.source;

import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.terminal.Console;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file of prompts, and how many of them are computed at once. */
public final class PromptFileOptions {

    private static final int MOST = 1024;

    @Parameters(
            paramLabel = "PROMPTS",
            description =
                    "A file with a JSON object a line, or .txt with a prompt a line; a .csv or .parquet file, or a"
                            + " folder of a dataset; `-`: standard input.")
    public String input = "";

    @Mixin
    CorpusOptions corpus = new CorpusOptions();

    @Option(names = "--id-column", paramLabel = "NAME", description = "Column with the ids (default: row numbers).")
    @Nullable
    String idColumn;

    @Option(names = "--type-column", paramLabel = "NAME", description = "Column with the types (default: none).")
    @Nullable
    String typeColumn;

    @Option(
            names = "--target-column",
            paramLabel = "NAME",
            description = "Column with a target for each text (default: none).")
    @Nullable
    String targetColumn;

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
        return PromptFile.of(input, console.in(), corpus.selection(idColumn, typeColumn, targetColumn), settings);
    }
}
