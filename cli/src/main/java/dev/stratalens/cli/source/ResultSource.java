package dev.stratalens.cli.source;

import dev.stratalens.cli.batch.ResultLookup;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.LensSelection;
import dev.stratalens.cli.terminal.Console;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where an analysis has its result from: a prompt that is computed, or a file in which one was saved. */
public final class ResultSource extends PromptSource {

    /** Options that say how to compute. */
    private static final List<String> OF_A_COMPUTATION = List.of(
            "--model",
            "--server",
            "--tls-ca",
            "--plaintext",
            "--dtype",
            "--chat",
            "--system",
            "--layers",
            "--embedding",
            "--no-final-norm",
            "--lens",
            "--lens-file",
            "--no-special-tokens");

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "Read a result that `analyze --format json` or `batch` saved, instead of computing a prompt's."
                            + " `-`: standard input.")
    @Nullable
    String input;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "With --input: which result of a batch; not needed where there is only one.")
    @Nullable
    String id;

    private boolean takesFile;

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    /** Makes the command's parameter the file of a saved result, in place of a prompt or {@code --input}. */
    public void takeFile(CommandSpec spec) {
        takesFile = true;
        PositionalParamSpec text = spec.positionalParameters().get(0);
        spec.remove(text);
        spec.addPositional(PositionalParamSpec.builder(text)
                .arity("1")
                .paramLabel("FILE")
                .description("What `analyze --format json` or `batch` saved. `-`: standard input.")
                .build());
        spec.remove(spec.findOption("--input"));
    }

    /** Whether the result was saved before: what it holds cannot be chosen any more. */
    public boolean isSaved() {
        return takesFile || input != null;
    }

    /** Reads the file, or computes the prompt as the selection says, and hands the result over. */
    @Override
    public void read(LensSelection selection, Console console, Installation installation, Reader reader)
            throws IOException {
        if (takesFile) {
            input = prompt.prompt;
            prompt.prompt = null;
        }
        if (input == null) {
            if (id != null) {
                throw CliException.usage("--id %s needs --input FILE, a batch's output.".formatted(id));
            }
            super.read(selection, console, installation, reader);
            return;
        }
        refuseWithInput(input);
        reader.read(ResultLookup.read(input, Optional.ofNullable(id), console.in()));
    }

    private void refuseWithInput(String file) {
        if (prompt.prompt != null) {
            throw CliException.usage("--input %s and PROMPT \"%s\" exclude each other; give one of the two."
                    .formatted(file, prompt.prompt));
        }
        ParseResult parsed = command == null ? null : command.commandLine().getParseResult();
        for (String option : OF_A_COMPUTATION) {
            if (parsed != null && parsed.hasMatchedOption(option)) {
                throw CliException.usage(
                        "%s says how to compute, and the result in %s is computed. Leave one of the two out."
                                .formatted(option, file));
            }
        }
    }
}
