package dev.stratalens.cli.command;

import dev.stratalens.cli.bench.Bench;
import dev.stratalens.cli.bench.BenchJson;
import dev.stratalens.cli.bench.BenchReport;
import dev.stratalens.cli.bench.BenchSettings;
import dev.stratalens.cli.bench.BenchTable;
import dev.stratalens.cli.bench.Program;
import dev.stratalens.cli.bench.Section;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench}: what the lens costs on this machine. */
@Command(
        name = "bench",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures what the lens costs on this machine: against the bare matrix products in the same library, end to",
            "end through a server in a process of its own. Leave the machine alone meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} bench",
            "  ${ROOT-COMMAND-NAME} bench --model ~/models/smollm2-135m --tokens 5,64,512",
            "  ${ROOT-COMMAND-NAME} bench --only efficiency --dtype bfloat16 --format json --output bench.json"
        })
public final class BenchCommand extends StandardOptions implements Callable<Integer> {

    @Option(names = "--model", paramLabel = "DIR|demo", description = "Checkpoint directory, or `demo` (default).")
    String model = LocalModel.DEMO;

    @Option(
            names = "--tokens",
            paramLabel = "N,N..",
            split = ",",
            description = "Prompt lengths (default: 5,64,512, as far as the model's context allows).")
    List<Integer> tokens = List.of(5, 64, 512);

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "Arithmetic: auto, float32 or bfloat16 (default: auto).")
    ComputeType dtype = ComputeType.AUTO;

    @Option(
            names = "--only",
            paramLabel = "PART,..",
            split = ",",
            description = "Only these parts: speed, efficiency, overhead (default: all).")
    Set<Section> only = EnumSet.of(Section.SPEED, Section.EFFICIENCY, Section.OVERHEAD);

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Rounds that count (default: 3 to 15, as many as a few seconds allow).")
    @Nullable
    Integer repetitions;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table or json (default: table).")
    ListFormat format = ListFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @Option(names = "--quiet", description = "No progress.")
    boolean quiet;

    private final Console console;
    private final Installation installation;

    public BenchCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException {
        Optional<OutputFile> file = Optional.ofNullable(output).map(OutputFile::new);
        BenchSettings settings = settings();
        BenchReport report;
        try (ProgressLine progress = console.progress(quiet)) {
            report = Bench.run(settings, progress);
        }
        if (file.isPresent()) {
            file.get().write(out -> write(report, out, new HeatScale(ColorDepth.PLAIN)));
        } else {
            write(report, console.writer(), console.scale());
        }
        return ExitCode.OK.number();
    }

    private BenchSettings settings() {
        for (int count : tokens) {
            if (count < 1) {
                throw CliException.usage("--tokens: %d is no length of a prompt; give 1 or more.".formatted(count));
            }
        }
        if (repetitions != null && repetitions < 1) {
            throw CliException.usage("--repetitions: %d is not 1 or more.".formatted(repetitions));
        }
        return new BenchSettings(
                new Program(installation),
                LocalModel.parse(model, installation).directory(),
                dtype.toString(),
                only,
                tokens,
                repetitions == null ? OptionalInt.empty() : OptionalInt.of(repetitions));
    }

    private void write(BenchReport report, Writer out, HeatScale style) {
        PrintWriter printer = new PrintWriter(out);
        if (format == ListFormat.JSON) {
            BenchJson.write(report, printer);
            printer.println();
        } else {
            new BenchTable(printer, style).print(report);
        }
        printer.flush();
    }
}
