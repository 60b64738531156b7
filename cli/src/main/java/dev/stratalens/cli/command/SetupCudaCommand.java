package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.doctor.CudaLibraryFetch;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.engine.device.TorchLibrary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code setup-cuda}: fetches libtorch with CUDA. */
@Command(
        name = "setup-cuda",
        sortOptions = false,
        description = {
            "Fetches libtorch with CUDA for NVIDIA cards, with pip and the index that pip is set up for.",
            "Downloads about 3 GB and unpacks 5 GB beside the unpacked PyTorch (DJL_CACHE_DIR). `doctor` says whether it",
            "is needed."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} setup-cuda",
            "  ${ROOT-COMMAND-NAME} setup-cuda --pip /opt/python/bin/pip",
            "  ${ROOT-COMMAND-NAME} setup-cuda -- --no-index --find-links /media/wheels"
        })
public final class SetupCudaCommand extends ConsoleCommand {

    @Option(
            names = "--pip",
            paramLabel = "PROGRAM",
            defaultValue = "pip3",
            description = "The pip to use (default: pip3).")
    String pip = "pip3";

    @Parameters(paramLabel = "PIP_OPTION", arity = "0..*", description = "Options for `pip download`, behind --.")
    List<String> pipOptions = new ArrayList<>();

    public SetupCudaCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        TorchLibrary library =
                new CudaLibraryFetch(List.of(pip), TorchLibrary.fetchedFolder(System.getenv())).run(pipOptions);
        console.out()
                .printf(
                        "libtorch %s with CUDA %s is in %s. Try it: %s doctor%n",
                        library.version().orElse(TorchLibrary.VERSION),
                        library.cuda().orElse(""),
                        library.folder(),
                        installation.command());
        return ExitCode.OK.number();
    }
}
