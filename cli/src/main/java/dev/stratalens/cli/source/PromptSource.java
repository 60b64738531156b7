package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.cli.selection.LensSelection;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A prompt, and the model that reads it. */
public class PromptSource {

    /** Uses a result while the server that computed it is still there: what is written is written at once. */
    @FunctionalInterface
    public interface Reader {
        void read(LensResult result) throws IOException;
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "The text. `-`, or none with a pipe: the exact bytes of standard input.")
    @Nullable
    String prompt;

    @Option(names = "--quiet", description = "No progress and no hints.")
    public boolean quiet;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nChat models:%n")
    ChatOptions chat = new ChatOptions();

    /** Computes the prompt as the selection says, and hands the result over. */
    public void read(LensSelection selection, Console console, Installation installation, Reader reader)
            throws IOException {
        chat.check();
        String text = PromptInput.read(prompt, console.in(), console.terminal().input());
        if (text.isEmpty()) {
            throw CliException.usage("the prompt is empty; give a text of one character or more.");
        }
        try (ProgressLine progress = console.progress(quiet)) {
            progress.show("starting");
            try (Connection connection = model.open(installation, progress)) {
                LensResult result = compute(text, selection, connection, console, progress);
                progress.clear();
                reader.read(result);
                console.out().flush(); // before the server stops
            }
        }
    }

    private LensResult compute(
            String text, LensSelection selection, Connection connection, Console console, ProgressLine progress) {
        LensRequest request =
                selection.request(chat.prompt(text), chat.specialTokens(selection.noSpecialTokens), connection.model());
        try (LensStream stream = connection.client().stream(request)) {
            LensResult result = stream.onProgress(state -> ServerProgress.show(state, "", progress))
                    .result();
            if (chat.chat) {
                progress.hint(rendered(result.prompt().orElse("")));
            } else if (!quiet && console.terminal().error() && stream.model().hasChatTemplate()) {
                progress.say("This model has a chat template; --chat reads the prompt through it.");
            }
            return result;
        }
    }

    /** A prompt that the template wrote. Its line feeds are part of it. */
    private static String rendered(String prompt) {
        return "The chat template wrote this prompt:\n  "
                + prompt.replace("\n", "⏎\n  ").stripTrailing();
    }
}
