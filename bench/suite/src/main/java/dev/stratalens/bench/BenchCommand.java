package dev.stratalens.bench;

import dev.stratalens.bench.measure.Bench;
import dev.stratalens.bench.measure.BenchSettings;
import dev.stratalens.bench.peer.PeerTools;
import dev.stratalens.bench.report.BenchJson;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.BenchReport;
import dev.stratalens.bench.report.BenchTable;
import dev.stratalens.bench.server.Program;
import dev.stratalens.bench.shape.ModelShape;
import dev.stratalens.bench.shape.ShapeCache;
import dev.stratalens.bench.shape.WeightType;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.ListFormat;
import dev.stratalens.cli.output.OutputFile;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run}: what the lens costs on this machine. */
@Command(
        name = "bench/run",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures what the lens costs on this machine.",
            "It is held against the bare matrix products in the same library, and measured end to end through a server in",
            "a process of its own. Leave the machine alone meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-NAME}",
            "  ${COMMAND-NAME} --shape smollm2-135m --tokens 5,64,512,1024 --dtype float32",
            "  ${COMMAND-NAME} --model ~/models/gpt2 --only peers --peers bench/peers",
            "  ${COMMAND-NAME} --only efficiency --dtype bfloat16 --format json --output bench.json"
        })
public final class BenchCommand extends ConsoleCommand {

    @Option(names = "--model", paramLabel = "DIR|demo", description = "Checkpoint directory, or `demo` (default).")
    @Nullable
    String model;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description = {
                "Instead of a model: smollm2-135m or gpt2-small, with random weights, which take the same time. Written",
                "once, 270 to 550 MB, beside the unpacked PyTorch."
            })
    @Nullable
    ModelShape shape;

    @Option(
            names = "--tokens",
            paramLabel = "N,N..",
            split = ",",
            description = "Prompt lengths (default: 5,64,512, as far as the model's context allows).")
    List<Integer> tokens = List.of();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "Arithmetic: auto, float32 or bfloat16 (default: auto).")
    ComputeType dtype = ComputeType.AUTO;

    @Option(
            names = "--only",
            paramLabel = "PART,..",
            split = ",",
            description = {
                "Only these parts: speed, efficiency, overhead, concurrency, memory, start, growth, peers",
                "(default: all but growth, which takes minutes; peers where --peers is given)."
            })
    Set<BenchPart> only = EnumSet.noneOf(BenchPart.class);

    @Option(
            names = "--callers",
            paramLabel = "N,N..",
            split = ",",
            description = "Numbers of callers at once (default: 8).")
    List<Integer> callers = List.of(8);

    @Option(
            names = "--soak",
            paramLabel = "N",
            description = "With memory: also N requests of mixed lengths, to see whether it creeps.")
    int soak;

    @Option(
            names = "--peers",
            paramLabel = "DIR",
            description = "Also the other tools that this folder sets up: bench/peers of the project.")
    @Nullable
    Path peers;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Rounds that count (default: 3 to 15, as many as a few seconds allow).")
    @Nullable
    Integer repetitions;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "Time of rounds that do not count, before each measurement (default: 1.5).")
    double warmUp = 1.5;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table or json (default: table).")
    ListFormat format = ListFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @Option(names = "--quiet", description = "No progress.")
    boolean quiet;

    private static final int MOST_CALLERS = 256;

    public BenchCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        Optional<OutputFile> file = Optional.ofNullable(output).map(OutputFile::new);
        checkNumbers();
        BenchReport report;
        try (ProgressLine progress = console.progress(quiet)) {
            report = Bench.run(settings(progress), progress);
        }
        if (file.isPresent()) {
            file.get().write(out -> write(report, out, new HeatScale(ColorDepth.PLAIN)));
        } else {
            write(report, console.writer(), console.scale());
        }
        return ExitCode.OK.number();
    }

    private void checkNumbers() {
        for (int count : tokens) {
            if (count < 1) {
                throw CliException.usage("--tokens: %d is no length of a prompt; give 1 or more.".formatted(count));
            }
        }
        if (repetitions != null && repetitions < 1) {
            throw CliException.usage("--repetitions: %d is not 1 or more.".formatted(repetitions));
        }
        for (int count : callers) {
            if (count < 1 || count > MOST_CALLERS) {
                throw CliException.usage("--callers: %d is outside 1 .. %d.".formatted(count, MOST_CALLERS));
            }
        }
        if (!(warmUp >= 0 && warmUp <= 3600)) {
            throw CliException.usage("--warm-up: %s is no number of seconds from 0 to 3600.".formatted(warmUp));
        }
        if (soak < 0) {
            throw CliException.usage("--soak: %d is no number of requests.".formatted(soak));
        }
        if (shape != null && model != null) {
            throw CliException.usage("--shape and --model exclude each other.");
        }
        if (only.contains(BenchPart.PEERS) && peers == null) {
            throw CliException.usage("--only peers goes with --peers DIR.");
        }
    }

    private BenchSettings settings(ProgressLine progress) throws IOException {
        return new BenchSettings(
                new Program(installation),
                directory(progress),
                shape == null ? BenchSettings.Weights.TRAINED : BenchSettings.Weights.RANDOM,
                dtype.toString(),
                sections(),
                tokens,
                callers,
                soak,
                Optional.ofNullable(peers)
                        .filter(folder -> wants(BenchPart.PEERS))
                        .map(PeerTools::new),
                repetitions == null ? OptionalInt.empty() : OptionalInt.of(repetitions),
                Duration.ofMillis(Math.round(1000 * warmUp)));
    }

    private Path directory(ProgressLine progress) throws IOException {
        if (shape == null) {
            return LocalModel.parse(model == null ? LocalModel.DEMO : model, installation)
                    .directory();
        }
        WeightType type = switch (dtype) {
            case AUTO -> shape.published();
            case FLOAT32 -> WeightType.FLOAT32;
            case BFLOAT16 -> WeightType.BFLOAT16;
        };
        ShapeCache cache = new ShapeCache(System.getenv(), Path.of(System.getProperty("user.home")));
        return cache.directory(shape, type, LocalModel.demoDirectory(installation), progress);
    }

    private Set<BenchPart> sections() {
        Set<BenchPart> sections = EnumSet.noneOf(BenchPart.class);
        for (BenchPart section : BenchPart.values()) {
            if (wants(section)) {
                sections.add(section);
            }
        }
        return sections;
    }

    private boolean wants(BenchPart section) {
        return only.isEmpty() ? section != BenchPart.GROWTH : only.contains(section);
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
