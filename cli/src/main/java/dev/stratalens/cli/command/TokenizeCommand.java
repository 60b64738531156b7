package dev.stratalens.cli.command;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.selection.ChatOptions;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.Tokenization;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tokenize}: a text as the model reads it. */
@Command(
        name = "tokenize",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Shows the tokens of a text: ids, spelling, byte ranges.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} tokenize \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} tokenize --model ~/models/gpt2 --format json \" Paris\""
        })
public final class TokenizeCommand extends ConsoleCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "TEXT",
            description = "The text. `-`, or none with a pipe: the exact bytes of standard input.")
    @Nullable
    String text;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nChat models:%n")
    ChatOptions chat = new ChatOptions();

    @Option(names = "--no-special-tokens", description = "Leave out the tokenizer's special tokens.")
    boolean noSpecialTokens;

    @Mixin
    ListFormatOption listing = new ListFormatOption();

    public TokenizeCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        chat.check();
        String prompt = PromptInput.read(text, console.in(), console.terminal().input());
        Tokenization tokenization = tokenize(prompt);
        listing.write(out -> printTable(tokenization, out), json -> writeJson(tokenization, json), console);
        return ExitCode.OK.number();
    }

    private Tokenization tokenize(String prompt) {
        try (ProgressLine progress = console.progress(false)) {
            progress.show("starting");
            try (Connection connection = model.open(installation, progress)) {
                return connection
                        .client()
                        .tokenize(TokenizeRequest.of(chat.prompt(prompt))
                                .model(connection.model())
                                .specialTokens(chat.specialTokens(noSpecialTokens))
                                .build());
            }
        }
    }

    private void printTable(Tokenization tokenization, PrintWriter out) {
        TextTable table = new TextTable()
                .column("pos", Align.RIGHT)
                .column("id", Align.RIGHT)
                .column("token", Align.LEFT)
                .column("vocabulary", Align.LEFT)
                .column("bytes", Align.RIGHT);
        int position = 0;
        for (PromptToken token : tokenization.tokens()) {
            table.row(List.of(
                    Integer.toString(position++),
                    Integer.toString(token.token().id()),
                    token.token().display(),
                    token.token().raw(),
                    token.start().isEmpty()
                            ? "-"
                            : token.start().getAsInt() + "-" + token.end().orElseThrow()));
        }
        table.print(out, console.scale()::bold);
        out.printf("%n%d tokens; the model reads up to %d.%n", position, tokenization.contextLength());
    }

    private static void writeJson(Tokenization tokenization, JsonWriter json) throws IOException {
        json.beginObject().name("context_length").value(tokenization.contextLength());
        json.name("tokens").beginArray();
        for (PromptToken token : tokenization.tokens()) {
            json.beginObject();
            json.name("id").value(token.token().id());
            json.name("raw").value(token.token().raw());
            json.name("text").value(token.token().text());
            if (token.start().isPresent()) {
                json.name("start").value(token.start().getAsInt());
                json.name("end").value(token.end().orElseThrow());
            }
            json.endObject();
        }
        json.endArray().endObject();
    }
}
