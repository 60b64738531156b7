package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.ProgramExport;
import dev.stratalens.engine.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export-programs}: records a lens of small models for a machine with a card. */
@Command(
        name = "export-programs",
        hidden = true,
        sortOptions = false,
        description = {
            "Computes a lens of each model and records programs, weights and every call in a folder for each, which",
            "bench/gpu/check.py replays on a card. For tiny models: their weights are copied."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} export-programs --output programs models/demo",
            "  ${ROOT-COMMAND-NAME} export-programs --output programs --stages 2 ~/models/tiny-*"
        })
public final class ExportProgramsCommand extends ConsoleCommand {

    @Option(names = "--output", paramLabel = "FOLDER", required = true, description = "Where to write.")
    Path output = Path.of("");

    @Option(
            names = "--stages",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of devices that the blocks are distributed over (default: 1).")
    int stages;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "float32 or bfloat16 (default: float32).")
    String computeType = "float32";

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "12",
            description = "Length of the prompt (default: 12).")
    int tokens;

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Directories or GGUF files.")
    List<Path> models = new ArrayList<>();

    public ExportProgramsCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        var export = new ProgramExport(precision(), stages, tokens);
        for (Path model : models) {
            Path folder = output.resolve(String.valueOf(model.getFileName()));
            export.write(CheckpointReader.open(model), folder);
            console.out().printf("%s%n", folder);
        }
        return ExitCode.OK.number();
    }

    private Precision precision() {
        return switch (computeType) {
            case "float32" -> Precision.FLOAT32;
            case "bfloat16" -> Precision.BFLOAT16;
            case "float16" -> Precision.FLOAT16;
            default ->
                throw CliException.usage("--dtype %s: allowed: float32, bfloat16, float16.".formatted(computeType));
        };
    }
}
