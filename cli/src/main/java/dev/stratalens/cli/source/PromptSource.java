package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.selection.LensSelection;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/** A prompt, and the model that reads it. */
public class PromptSource {

    /** Uses a result while the server that computed it is still there: what is written is written at once. */
    @FunctionalInterface
    public interface Reader {
        void read(LensResult result) throws IOException;
    }

    @Mixin
    public PromptOptions prompt = new PromptOptions();

    /** Computes the prompt as the selection says, and hands the result over. */
    public void read(LensSelection selection, Console console, Installation installation, Reader reader)
            throws IOException {
        String text = prompt.read(console);
        prompt.ask(console, installation, (connection, progress) -> {
            LensResult result = compute(text, selection, connection, console, progress);
            progress.clear();
            reader.read(result);
            return result;
        });
    }

    private LensResult compute(
            String text, LensSelection selection, Connection connection, Console console, ProgressLine progress) {
        LensRequest request = selection.request(
                prompt.chat.prompt(text), prompt.chat.specialTokens(selection.noSpecialTokens), connection.model());
        try (LensStream stream = connection.client().stream(request)) {
            LensResult result = stream.onProgress(state -> ServerProgress.show(state, "", progress))
                    .result();
            if (prompt.chat.chat) {
                progress.hint(rendered(result.prompt().orElse("")));
            } else if (!prompt.quiet
                    && console.terminal().error()
                    && stream.model().hasChatTemplate()) {
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
