package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One prompt, and the model that reads it. */
public final class PromptOptions {

    /** Asks the model. */
    @FunctionalInterface
    public interface Question<T> {
        T ask(Connection connection, ProgressLine progress) throws IOException;
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
    public ChatOptions chat = new ChatOptions();

    /** Whether the prompt is an argument, so that standard input is free. */
    public boolean isArgument() {
        return prompt != null && !prompt.equals("-");
    }

    /**
     * The text, from the argument or from standard input.
     *
     * @throws CliException if there is none, it is empty, or options of a chat do not fit together
     */
    public String read(Console console) throws IOException {
        chat.check();
        String text = PromptInput.read(prompt, console.in(), console.terminal().input());
        if (text.isEmpty()) {
            throw CliException.usage("the prompt is empty; give a text of one character or more.");
        }
        return text;
    }

    /** Opens the way to the model, asks, and closes it. What was written is out before a server of this command stops. */
    public <T> T ask(Console console, Installation installation, Question<T> question) throws IOException {
        try (ProgressLine progress = console.progress(quiet)) {
            progress.show("starting");
            try (Connection connection = model.open(installation, progress)) {
                T answer = question.ask(connection, progress);
                console.out().flush();
                return answer;
            }
        }
    }
}
