package dev.stratalens.cli.lenses;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFile;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.engine.lens.fit.FitFailedException;
import dev.stratalens.engine.lens.fit.LensMerge;
import dev.stratalens.engine.lens.transport.LensFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lens merge}: Jacobian lenses of parts of a text as that of the whole text. */
@Command(
        name = "merge",
        sortOptions = false,
        description = {
            "Merges Jacobian lenses that were fitted on different texts, each with its number of prompts",
            "as weight. The result is the lens of all texts together, in float32."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens merge one/lens.safetensors two/lens.safetensors --output both.safetensors"
        })
public final class LensMergeCommand extends ConsoleCommand {

    @Parameters(paramLabel = "LENS", arity = "2..*", description = "Two or more files of Jacobian lenses.")
    List<Path> lenses = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The .safetensors file to write.")
    Path output = Path.of("");

    public LensMergeCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        var file = new OutputFile(output);
        LensMerge merge;
        try {
            merge = new LensMerge(lenses.stream().map(LensFiles::read).toList());
        } catch (FitFailedException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage(), e);
        }
        file.writeBytes(merge::write);
        console.err().printf("Wrote %s, of %,d prompts%n", PrintableText.of(output.toString()), merge.prompts());
        return ExitCode.OK.number();
    }
}
