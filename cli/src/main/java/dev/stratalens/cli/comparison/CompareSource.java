package dev.stratalens.cli.comparison;

import dev.stratalens.cli.batch.ResultLookup;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where the two runs come from: two prompts, two models, or two saved results. */
public final class CompareSource {

    /** Predictions a cell at least: the more both runs know, the less is left to bounds. */
    private static final int LEAST_TOP_K = 10;

    /** The two runs. */
    public record Runs(LensResult a, LensResult b) {}

    @Parameters(
            arity = "0..*",
            paramLabel = "PROMPT",
            description =
                    "Two texts; one text for two models; or two files that `analyze --format json` saved, whose names"
                            + " end in .json.")
    List<String> arguments = new ArrayList<>();

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "A saved result, whatever its name. Give it twice, for A and B.")
    List<Path> inputs = new ArrayList<>();

    @Option(
            names = "--with-model",
            paramLabel = "MODEL",
            description = "Model of the second run, as --model says it (default: that of the first).")
    @Nullable
    String withModel;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nChat models:%n")
    ChatOptions chat = new ChatOptions();

    @ArgGroup(validate = false, heading = "%nWhat to compute (10 predictions a cell at least):%n")
    LensOptions lens = new LensOptions();

    /** Reads or computes both. */
    public Runs read(Console console, Installation installation, ProgressLine progress) throws IOException {
        List<Path> files = inputs.isEmpty() ? savedArguments() : inputs;
        if (!files.isEmpty()) {
            return saved(files, console);
        }
        chat.check();
        if (!lens.sites.isEmpty()) {
            throw CliException.usage(
                    "--sites: runs are compared layer by layer. `analyze` shows what is inside a block.");
        }
        if (!lens.candidates.equals(LensSettings.MOST_LIKELY)) {
            throw CliException.usage("--candidates: distances need the most likely tokens. `analyze` shows others.");
        }
        String a = prompt(0, console);
        String b = arguments.size() < 2 ? a : prompt(1, console);
        boolean twoLenses = arguments.size() < 2 && withModel == null && lens.lenses.size() == 2;
        if (arguments.size() < 2 && withModel == null && !twoLenses) {
            throw CliException.usage(
                    "there is nothing to compare with: give a second PROMPT, --with-model MODEL, two --lens LENS, or two"
                            + " saved results.");
        }
        if (!twoLenses && lens.lenses.size() > 1) {
            throw CliException.usage(
                    "--lens: two runs are compared through one lens, or one prompt through two. Leave out a lens or a run.");
        }
        progress.show("starting");
        String other = withModel;
        LensResult ofA;
        try (Connection first = model.open(installation, progress)) {
            ofA = compute(a, first, "A", progress);
            if (twoLenses) {
                return new Runs(ofA, ofA.through(ofA.lenses().get(1)));
            }
            if (other == null || model.server != null) {
                String name = other == null ? first.model() : other;
                Connection second = new Connection(first.client(), name, () -> {});
                return new Runs(ofA, compute(b, second, "B", progress));
            }
        }
        // one model in memory at a time
        try (Connection second = model.forModel(other).open(installation, progress)) {
            return new Runs(ofA, compute(b, second, "B", progress));
        }
    }

    private String prompt(int index, Console console) throws IOException {
        if (arguments.size() > 2) {
            throw CliException.usage(
                    "there are %d PROMPTs; give two at most, each in quotes.".formatted(arguments.size()));
        }
        String argument = index < arguments.size() ? arguments.get(index) : null;
        String text =
                PromptInput.read(argument, console.in(), console.terminal().input());
        if (text.isEmpty()) {
            throw CliException.usage("a prompt is empty; give a text of one character or more.");
        }
        return text;
    }

    private List<Path> savedArguments() {
        List<Path> files = arguments.stream()
                .filter(argument -> argument.endsWith(".json") && !argument.contains("\0"))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
        arguments.stream()
                .filter(argument -> argument.endsWith(".json") && argument.indexOf(' ') < 0)
                .filter(argument ->
                        files.stream().noneMatch(file -> file.toString().equals(argument)))
                .findFirst()
                .ifPresent(missing -> {
                    throw CliException.usage(
                            "there is no file %s. A saved result is a file; a prompt of this name can come from standard input: -."
                                    .formatted(missing));
                });
        if (files.size() == 1 && arguments.size() == 2) {
            throw CliException.usage(
                    "%s is a saved result, and the other PROMPT is a text. Give two files or two texts."
                            .formatted(files.get(0)));
        }
        return files;
    }

    private Runs saved(List<Path> files, Console console) throws IOException {
        if (files.size() != 2) {
            throw CliException.usage(
                    "%d saved result%s; give two, A and B.".formatted(files.size(), files.size() == 1 ? "" : "s"));
        }
        if (!inputs.isEmpty() && !arguments.isEmpty()) {
            throw CliException.usage("--input and PROMPT exclude each other: a saved result has its prompt.");
        }
        if (model.model != null || withModel != null || model.server != null || chat.chat) {
            throw CliException.usage(
                    "a saved result has its model; leave out --model, --with-model, --server and --chat.");
        }
        return new Runs(
                ResultLookup.read(files.get(0).toString(), Optional.empty(), console.in()),
                ResultLookup.read(files.get(1).toString(), Optional.empty(), console.in()));
    }

    /** Float32 trajectories: a difference of two numbers needs them. */
    private LensResult compute(String text, Connection connection, String name, ProgressLine progress) {
        LensRequest request =
                lens
                        .request(chat.prompt(text), chat.specialTokens(lens.noSpecialTokens), connection.model())
                        .toBuilder()
                        .topK(Math.max(LEAST_TOP_K, lens.topK))
                        .exact()
                        .build();
        try (LensStream stream = connection.client().stream(request)) {
            return stream.onProgress(state -> ServerProgress.show(state, name, progress))
                    .result();
        }
    }
}
