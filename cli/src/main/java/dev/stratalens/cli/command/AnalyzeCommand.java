package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensProgress;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.LensResult;
import dev.stratalens.client.LensStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code analyze}: the lens of one prompt. */
@Command(
        name = "analyze",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Shows how the prediction of a prompt forms, layer by layer.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\" --positions last --top-k 8",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\" --target \" Paris\" --target next",
            "  ${ROOT-COMMAND-NAME} analyze --model ~/models/gpt2 --layers ::2 \"Hello world\"",
            "  ${ROOT-COMMAND-NAME} analyze --model ~/models/chat --chat --system \"Be brief.\" \"Hello\"",
            "  ${ROOT-COMMAND-NAME} analyze --format html --output lens.html \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} analyze --format json --output lens.json - < prompt.txt",
            "  ${ROOT-COMMAND-NAME} analyze --server localhost:50061 --model gpt2 --format csv \"Hello\"",
            "",
            "Layers are block numbers from 0; --embedding adds what enters block 0. White space in tokens is",
            "shown: a space as ·, a line feed as ⏎, a tab as →. Piped input is read to the byte: a line feed at",
            "its end is part of the prompt."
        })
public final class AnalyzeCommand extends StandardOptions implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "The text. `-`, or none with a pipe: the exact bytes of standard input.")
    @Nullable
    String prompt;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nChat models:%n")
    ChatOptions chat = new ChatOptions();

    @ArgGroup(validate = false, heading = "%nWhat to show:%n")
    LensOptions lens = new LensOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description =
                    "table, json, v2, csv or html (default: table). html is a page for the browser that works offline;"
                            + " json keeps everything; v2 is the JSON of the logitlenskit widget.")
    OutputFormat format = OutputFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @Option(names = "--quiet", description = "No progress and no hints.")
    boolean quiet;

    private final Console console;
    private final Installation installation;

    public AnalyzeCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException {
        chat.check();
        if (format == OutputFormat.HTML && output == null && console.terminal().output()) {
            throw CliException.usage("--format html is a page for the browser; name its file: --output lens.html");
        }
        Optional<OutputFile> file = Optional.ofNullable(output).map(OutputFile::new);
        String text = PromptInput.read(prompt, console.in(), console.terminal().input());
        if (text.isEmpty()) {
            throw CliException.usage("the prompt is empty; give a text of one character or more.");
        }
        try (ProgressLine progress = console.progress(quiet)) {
            progress.show("starting");
            try (Connection connection = model.open(installation, progress)) {
                LensResult result = analyze(text, connection, progress);
                progress.clear();
                write(result, file);
            }
        }
        return ExitCode.OK.number();
    }

    private LensResult analyze(String text, Connection connection, ProgressLine progress) {
        boolean isChatModel = connection.awaitModel(progress).hasChatTemplate();
        if (isChatModel && !chat.chat && !quiet && console.terminal().error()) {
            progress.clear();
            console.err().println("This model has a chat template; --chat reads the prompt through it.");
        }
        LensRequest request = lens.request(
                chat.text(text, connection), chat.specialTokens(lens.noSpecialTokens), connection, progress);
        try (LensStream stream = connection.client().stream(request)) {
            return stream.onProgress(state -> show(state, progress)).result();
        }
    }

    private void write(LensResult result, Optional<OutputFile> file) throws IOException {
        ResultWriter writer = new ResultWriter(console, format);
        if (file.isPresent()) {
            file.get().write(out -> writer.writePlain(result, out));
            return;
        }
        writer.writeToConsole(result);
        if (format == OutputFormat.TABLE && console.terminal().output() && !quiet && lens.isDefault()) {
            new NextSteps(installation.command(), result).print(console);
        }
        console.out().flush(); // before the server stops
    }

    private static void show(LensProgress state, ProgressLine progress) {
        switch (state.phase()) {
            case QUEUED -> progress.show("waiting, %d ahead".formatted(state.queuePosition()));
            case LOADING -> progress.show("loading", state.done(), state.total());
            case FORWARD -> progress.show("forward", state.done(), state.total());
            case LENS -> progress.show("lens", state.done(), state.total());
        }
    }
}
