package dev.stratalens.cli.lenses;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFile;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFile;
import dev.stratalens.engine.lens.transport.LensFiles;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lens convert}: a lens of any form as a safetensors file that says everything. */
@Command(
        name = "convert",
        sortOptions = false,
        description = {
            "Writes a lens as a .safetensors file that says where and how it reads, and where it is from.",
            "Numbers are copied as they are stored."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens convert gpt2_jacobian_lens.pt --output gpt2-jacobian.safetensors",
            "  ${ROOT-COMMAND-NAME} lens convert tuned/gpt2 --output gpt2-tuned.safetensors"
        })
public final class LensConvertCommand extends ConsoleCommand {

    @Parameters(
            paramLabel = "LENS",
            description = "Directory of tuned-lens, .pt file with Jacobians, or .npz file of mlxterp.")
    Path lens = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The .safetensors file to write.")
    Path output = Path.of("");

    public LensConvertCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        var file = new OutputFile(output);
        FittedLens fitted = LensFiles.read(lens);
        file.writeBytes(out -> LensFile.write(fitted, out));
        console.err().printf("Wrote %s%n", PrintableText.of(output.toString()));
        return ExitCode.OK.number();
    }
}
