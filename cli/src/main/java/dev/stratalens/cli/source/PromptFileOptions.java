package dev.stratalens.cli.source;

import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.terminal.Console;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A file of prompts, and how many of them are computed at once. */
public final class PromptFileOptions {

    @Parameters(
            paramLabel = "PROMPTS",
            description =
                    "A file with a JSON object a line, or .txt with a prompt a line; a .csv, .tsv or .parquet file, or a"
                            + " folder of a dataset; `-`: standard input.")
    public String input = "";

    @Mixin
    CorpusOptions corpus = new CorpusOptions();

    @Mixin
    ColumnOptions columns = new ColumnOptions();

    @Mixin
    public InFlightOptions inFlight = new InFlightOptions();

    /**
     * Opens the file; the caller closes it.
     *
     * @param settings what prompts that say nothing else ask for
     * @throws dev.stratalens.cli.failure.CliException if a number is out of range, before anything is read
     */
    public PromptFile open(Console console, LensSettings settings) throws IOException {
        inFlight.check();
        return PromptFile.of(input, console.in(), corpus.selection(columns), settings);
    }
}
