package dev.stratalens.cli.output;

import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.source.PromptFileOptions;
import dev.stratalens.cli.terminal.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that read a file of prompts and report something about all of them. */
public final class PromptsReportOptions {

    @Mixin
    public PromptFileOptions file = new PromptFileOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = OutputFormat.OfPrompts.class,
            completionCandidates = OutputFormat.OfPrompts.class,
            description =
                    "table, json, csv, svg or png (default: that of the output file, else table). json and csv hold"
                            + " everything; a picture shows what --by says.")
    @Nullable
    OutputFormat format;

    @Mixin
    public OutputOptions output = new OutputOptions();

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    public ModelOptions model = new ModelOptions();

    @Option(names = "--quiet", description = "No progress and no word on what failed.")
    public boolean quiet;

    /**
     * Checks the output, before anything is computed.
     *
     * @param picture name of a picture in a directory
     */
    public void checkOutput(String picture, Console console) {
        output.check(format, OutputFormat.OF_PROMPTS, picture, console);
    }
}
