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
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.cli.terminal.ProgressLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
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
            "Measures what the lens costs on this machine: end to end through a server in a process of its own, and beside",
            "the bare matrix products in the same library. Results are written as they come. Use the machine for nothing",
            "else meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-NAME}",
            "  ${COMMAND-NAME} --shape smollm2-135m --tokens 5,64,512,1024 --dtype float32",
            "  ${COMMAND-NAME} --model ~/models/gpt2 --only peers --peers bench/peers",
            "  ${COMMAND-NAME} --only efficiency --dtype bfloat16 --format jsonl --output bench.jsonl",
            "  ${COMMAND-NAME} --only overhead,client --tokens 5"
        })
public final class BenchCommand extends ConsoleCommand {

    @Option(names = "--model", paramLabel = "DIR|demo", description = "Checkpoint directory, or `demo` (default).")
    @Nullable
    String model;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description = {
                "Instead of a model: smollm2-135m, gpt2-small, hybrid-delta-135m or hybrid-mamba2-135m, with random weights,",
                "which take the same time. Written once, 270 to 550 MB, beside the unpacked PyTorch."
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
                "Only these parts: speed, efficiency, overhead, client, generate, concurrency, memory, start, peers, growth, overload,",
                "soak (default: all but growth, overload and soak, which take long; peers where --peers is given)."
            })
    Set<BenchPart> only = EnumSet.noneOf(BenchPart.class);

    @Option(
            names = "--callers",
            paramLabel = "N,N..",
            split = ",",
            description = "With concurrency: numbers of callers at once (default: 8).")
    List<Integer> callers = List.of(8);

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = {
                "With client: calls of each client in a round; more of them make p99 surer (default: 160). With overload:",
                "answers for which each load lasts."
            })
    int calls = 160;

    @Option(
            names = "--soak",
            paramLabel = "N",
            description = "With memory: also N requests of mixed lengths, to see whether memory grows.")
    int soak;

    @Option(
            names = "--soak-time",
            paramLabel = "MINUTES",
            description = "With soak: how long the mixed load lasts (default: 60).")
    double soakTime = 60;

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

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "table, a part at a time, or jsonl, a line a figure (default: table).")
    Format format = Format.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, as results come.")
    @Nullable
    Path output;

    @Option(names = "--quiet", description = "No progress.")
    boolean quiet;

    /** Values of {@code --format}. */
    enum Format {
        TABLE,
        JSONL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MOST_CALLERS = 256;

    /** Parts that run only where they are asked for. */
    private static final Set<BenchPart> LONG = EnumSet.of(BenchPart.GROWTH, BenchPart.OVERLOAD, BenchPart.SOAK);

    public BenchCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        checkNumbers();
        try (ProgressLine progress = progress()) {
            dtype.warning().ifPresent(progress::say);
            BenchSettings settings = settings(progress);
            PrintWriter out = writer();
            try (BenchReport report = report(out, progress)) {
                // A run that is ended early leaves what it found.
                Runtime.getRuntime().addShutdownHook(new Thread(report::close, "stratalens-bench-report"));
                Bench.run(settings, progress, report);
            } finally {
                if (output != null) {
                    out.close();
                }
            }
        }
        return ExitCode.OK.number();
    }

    private ProgressLine progress() {
        return quiet || console.terminal().error() ? console.progress(quiet) : new ProgressLog(console.err());
    }

    private PrintWriter writer() throws IOException {
        if (output == null) {
            return console.writer();
        }
        return new PrintWriter(Files.newBufferedWriter(output));
    }

    private BenchReport report(PrintWriter out, ProgressLine progress) {
        if (format == Format.JSONL) {
            return new BenchJson(out, progress);
        }
        return new BenchTable(out, output == null ? console.scale() : new HeatScale(ColorDepth.PLAIN), progress);
    }

    private void checkNumbers() {
        for (int count : tokens) {
            if (count < 1) {
                throw CliException.usage(
                        "--tokens: %d is not the length of a prompt; give 1 or more.".formatted(count));
            }
        }
        if (repetitions != null && repetitions < 1) {
            throw CliException.usage("--repetitions: %d is out of range; give 1 or more.".formatted(repetitions));
        }
        for (int count : callers) {
            if (count < 1 || count > MOST_CALLERS) {
                throw CliException.usage("--callers: %d is out of range; give 1 to %d.".formatted(count, MOST_CALLERS));
            }
        }
        if (!(warmUp >= 0 && warmUp <= 3600)) {
            throw CliException.usage("--warm-up: %s is out of range; give seconds from 0 to 3600.".formatted(warmUp));
        }
        if (calls < 1) {
            throw CliException.usage("--calls: %d is out of range; give 1 or more.".formatted(calls));
        }
        if (soak < 0) {
            throw CliException.usage("--soak: %d is out of range; give 0 or more requests.".formatted(soak));
        }
        if (!(soakTime > 0 && soakTime <= 10_000)) {
            throw CliException.usage(
                    "--soak-time: %s is out of range; give minutes, more than 0 and up to 10000.".formatted(soakTime));
        }
        if (shape != null && model != null) {
            throw CliException.usage("--shape stands in for --model; give one of the two.");
        }
        if (only.contains(BenchPart.PEERS) && peers == null) {
            throw CliException.usage("--only peers needs --peers DIR.");
        }
    }

    private BenchSettings settings(ProgressLine progress) throws IOException {
        return new BenchSettings(
                new Program(installation),
                LocalModel.demoDirectory(installation),
                directory(progress),
                shape == null ? BenchSettings.Weights.TRAINED : BenchSettings.Weights.RANDOM,
                dtype,
                parts(),
                tokens,
                callers,
                calls,
                soak,
                Duration.ofMillis(Math.round(60_000 * soakTime)),
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
            case FLOAT16 ->
                throw CliException.usage(
                        "--dtype float16: the benchmark measures the processor, which does not compute in float16. Use auto, float32 or bfloat16.");
        };
        ShapeCache cache = new ShapeCache(System.getenv(), Path.of(System.getProperty("user.home")));
        return cache.directory(shape, type, LocalModel.demoDirectory(installation), progress);
    }

    private Set<BenchPart> parts() {
        Set<BenchPart> parts = EnumSet.noneOf(BenchPart.class);
        for (BenchPart part : BenchPart.values()) {
            if (wants(part)) {
                parts.add(part);
            }
        }
        return parts;
    }

    private boolean wants(BenchPart part) {
        return only.isEmpty()
                ? !LONG.contains(part) && (part != BenchPart.PEERS || peers != null)
                : only.contains(part);
    }
}
