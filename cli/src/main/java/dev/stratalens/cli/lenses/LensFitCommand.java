package dev.stratalens.cli.lenses;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.source.CorpusOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.cli.terminal.ProgressLog;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.device.NvidiaHost;
import dev.stratalens.engine.lens.fit.FitFailedException;
import dev.stratalens.engine.lens.fit.FitKind;
import dev.stratalens.engine.lens.fit.FitListener;
import dev.stratalens.engine.lens.fit.FitPlan;
import dev.stratalens.engine.lens.fit.FitProgress;
import dev.stratalens.engine.lens.fit.FitResult;
import dev.stratalens.engine.lens.fit.LensFitting;
import dev.stratalens.engine.lens.fit.TokenSequences;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.models.ModelDevices;
import dev.stratalens.server.scheduling.GrantedLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lens fit}: a lens of a model, fitted on texts. */
@Command(
        name = "fit",
        sortOptions = false,
        description = {
            "Fits a tuned lens or a Jacobian lens of a model on texts, in float32, and compares it with the",
            "logit lens on texts that were held out. Given again, the same command goes on where it was",
            "stopped, and ends with the same numbers."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} lens fit --kind tuned --model ~/models/gpt2 --text corpus.jsonl --output gpt2-tuned",
            "  ${ROOT-COMMAND-NAME} lens fit --kind jacobian --model demo --text corpus.txt --output demo-jacobian"
        })
public final class LensFitCommand extends ConsoleCommand {

    private static final int USUAL_LENGTH = 128;

    @Mixin
    FitOptions options = new FitOptions();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = LocalModel.DEMO,
            description = LocalModel.DESCRIPTION)
    String model = LocalModel.DEMO;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            required = true,
            description =
                    "Documents, one a line of a .txt file or a row of a .jsonl, .json, .csv or .parquet file; or a folder of"
                            + " a dataset.")
    Path text = Path.of("");

    @Mixin
    CorpusOptions corpus = new CorpusOptions();

    @Option(
            names = "--documents",
            paramLabel = "N",
            description = "Take only the first N documents (default: all). They are held in memory.")
    @Nullable
    Integer documents;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Where lens.safetensors and evaluation.json are written; until then, fit.checkpoint.")
    Path output = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Decides the order of the documents, and which are held out (default: 0).")
    long seed;

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "Most tokens of a sequence; longer documents are cut (default: 128, or the model's context).")
    @Nullable
    Integer length;

    @Option(
            names = "--held-out",
            paramLabel = "N",
            defaultValue = "10000",
            description = "About how many tokens to hold out for the comparison (default: 10000).")
    int heldOut;

    @Option(
            names = "--stored",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "Numbers of the lens: float32 or float16 (default: float32).")
    FitOptions.Stored stored = FitOptions.Stored.FLOAT32;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with (default: all). Another number rounds otherwise.")
    @Nullable
    Integer threads;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description =
                    "Where to compute: auto, cpu, cuda, or cards such as cuda:0,1 (default: cpu). No card has run a fit yet.")
    String device = "cpu";

    @Option(
            names = "--save-every",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How much work a stop may cost (default: 30; 0 saves after each step).")
    int saveEvery;

    public LensFitCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        FitKind kind = options.kind();
        int fewest = kind.fewestTokens();
        FitOptions.atLeast(fewest, "--length", length, Math.max(fewest, USUAL_LENGTH));
        FitOptions.atLeast(1, "--held-out", heldOut, 0);
        FitOptions.atLeast(0, "--save-every", saveEvery, 0);
        int used =
                FitOptions.atLeast(1, "--threads", threads, Runtime.getRuntime().availableProcessors());
        int most = FitOptions.atLeast(1, "--documents", documents, Integer.MAX_VALUE);
        prepareOutput();
        try (ProgressLine progress =
                console.terminal().error() ? console.progress(false) : new ProgressLog(console.err())) {
            LocalModel local = LocalModel.parse(model, installation, new DownloadProgress(progress));
            progress.show("loading");
            Checkpoint checkpoint = CheckpointReader.open(local.directory());
            Placer placer = placer(local.name());
            TorchRuntime.disableShapeSpecialization();
            TorchRuntime.useThreads(used);
            try (CausalLanguageModel weights =
                            CausalLanguageModel.load(checkpoint, Precision.FLOAT32, placer, (done, total) -> {});
                    Tokenizer tokenizer = CheckpointReader.tokenizer(local.directory())) {
                progress.show("reading text");
                var cut = new TokenSequences.Cut(longest(weights, fewest), fewest, heldOut, seed);
                TokenSequences sequences =
                        TokenSequences.of(Documents.read(text, corpus.selection(), most), tokenizer, cut);
                FitPlan plan = new FitPlan(
                        kind,
                        local.name(),
                        checkpoint.revision(),
                        cut.toString(),
                        stored.type(),
                        output,
                        Duration.ofSeconds(saveEvery));
                FitResult result = new LensFitting(weights, plan, sequences).run(new Shown(progress));
                progress.clear();
                PrintWriter out = console.writer();
                FitTable.print(result, out);
                out.flush();
            }
        } catch (FitFailedException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage(), e);
        }
        return ExitCode.OK.number();
    }

    /** As for serving, which comes before libtorch is loaded. */
    private Placer placer(String name) {
        DeviceChoice choice = DeviceChoice.parse(device)
                .orElseThrow(
                        () -> CliException.usage("--device %s: allowed: %s.".formatted(device, DeviceChoice.SYNTAX)));
        return ModelDevices.of(
                        NvidiaHost.here(),
                        Map.of(name, choice),
                        GrantedLimits.defaults().maxRequestBytes())
                .placer(name);
    }

    private int longest(CausalLanguageModel weights, int fewest) {
        int context = weights.architecture().extents().context();
        if (length == null) {
            return Math.min(context, Math.max(fewest, USUAL_LENGTH));
        }
        if (length > context) {
            throw CliException.usage("--length %d: the model reads %d tokens at most.".formatted(length, context));
        }
        return length;
    }

    private void prepareOutput() throws IOException {
        Files.createDirectories(output);
        if (Files.exists(output.resolve(LensFitting.LENS)) && !Files.exists(output.resolve(LensFitting.CHECKPOINT))) {
            throw CliException.usage("--output: %s has a lens already. Name another directory.".formatted(output));
        }
    }

    /** A fit on the line of progress. */
    private record Shown(ProgressLine progress) implements FitListener {

        @Override
        public void resumed(FitProgress at) {
            progress.say("Going on after step %,d of %,d.".formatted(at.done(), at.total()));
        }

        @Override
        public void stepped(FitProgress at) {
            progress.show("fitting", at.done(), at.total(), at.measure());
        }

        @Override
        public void evaluated(long sequences, long total) {
            progress.show("evaluating", sequences, total);
        }
    }
}
