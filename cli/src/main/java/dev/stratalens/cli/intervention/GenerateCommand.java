package dev.stratalens.cli.intervention;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.output.ColorOptions;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.report.ResultReport;
import dev.stratalens.cli.report.TokenLines;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.selection.WritingOptions;
import dev.stratalens.cli.source.PromptOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.GenerationStream;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code generate}: what a model writes after a prompt, with the lens of each token. */
@Command(
        name = "generate",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Has the model write on, and shows from which layer on each token was settled.",
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} generate \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} generate --max-tokens 20 --temperature 0.8 --seed 1 \"Once upon a time\"",
            "  ${ROOT-COMMAND-NAME} generate \"The sky\" --toward \" sea\" --at-layers 5 --strength 0.3",
            "  ${ROOT-COMMAND-NAME} generate --output story.html \"Once upon a time\"",
            "  ${ROOT-COMMAND-NAME} generate --model ~/models/chat --chat --turns \"Hello\"",
            "",
            "A file or another format than table has the lens over prompt and new text, as analyze has it."
        })
public final class GenerateCommand extends ConsoleCommand {

    @Mixin
    PromptOptions prompt = new PromptOptions();

    @Option(
            names = "--turns",
            description = "With --chat: each line of standard input is the user's next message, until it ends.")
    boolean turns;

    @ArgGroup(validate = false, heading = WritingOptions.HEADING)
    WritingOptions writing = new WritingOptions();

    @ArgGroup(validate = false, heading = "%nWhat to show:%n")
    LensOptions lens = new LensOptions();

    @Mixin
    WritingChange change = new WritingChange();

    @ArgGroup(validate = false, heading = ColorOptions.HEADING)
    ColorOptions color = new ColorOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = OutputFormat.DESCRIPTION)
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    public GenerateCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        output.check(format, OutputFormat.OF_RESULTS, "lens", console);
        checkTurns();
        GenerateOptions options = writing.options();
        Optional<Intervention> changed = change.intervention(prompt.chat);
        if (changed.isPresent() && !isLive()) {
            throw CliException.usage(
                    "a text that is written with changed rows is shown as a table: files have no place for what was changed.");
        }
        color.addTo(lens);
        String text = prompt.read(console);
        return prompt.ask(console, installation, (connection, progress) -> {
                    converse(text, options, changed, connection, progress);
                    return ExitCode.OK;
                })
                .number();
    }

    private void checkTurns() {
        if (turns && (!prompt.chat.chat || !prompt.isArgument() || !isLive())) {
            throw CliException.usage(
                    "--turns goes with --chat and a PROMPT, and shows its answers as a table: standard input has the"
                            + " further messages.");
        }
    }

    /** Whether tokens are shown as they come. */
    private boolean isLive() {
        return output.format() == OutputFormat.TABLE && !output.isFile();
    }

    private void converse(
            String text,
            GenerateOptions options,
            Optional<Intervention> changed,
            Connection connection,
            ProgressLine progress)
            throws IOException {
        List<ChatMessage> before = new ArrayList<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        for (String turn = text; turn != null; turn = turns ? lines.readLine() : null) {
            LensRequest request = lens.request(
                    prompt.chat.prompt(before, turn),
                    prompt.chat.specialTokens(lens.noSpecialTokens),
                    connection.model());
            if (changed.isPresent()) {
                request = request.toBuilder().intervention(changed.get()).build();
            }
            String answer = write(request, options, connection, progress);
            before.add(ChatMessage.of("user", turn));
            before.add(ChatMessage.of("assistant", answer));
        }
    }

    /** Gives the new text. */
    private String write(LensRequest request, GenerateOptions options, Connection connection, ProgressLine progress)
            throws IOException {
        try (GenerationStream stream = connection.client().streamGeneration(request, options)) {
            stream.onProgress(state -> ServerProgress.show(state, "", progress));
            GenerationResult result = isLive() ? show(stream, progress) : collect(stream, options, progress);
            progress.clear();
            if (!isLive()) {
                output.write(
                        ResultReport.of(result.reading(), view -> output.figure.strided(color.heatMap(view))), console);
            }
            return result.text();
        }
    }

    private GenerationResult show(GenerationStream stream, ProgressLine progress) {
        TokenLines lines = new TokenLines(console.writer(), console.scale());
        boolean begun = false;
        for (GeneratedToken token : stream) {
            if (!begun) {
                progress.clear();
                if (change.isGiven()) {
                    lines.note(Paragraph.wrap(
                            "Written with rows changed: %s.".formatted(change.inWords()),
                            console.terminal().columns()));
                }
                lines.head();
                begun = true;
            }
            lines.print(token);
        }
        GenerationResult result = stream.result();
        lines.tail(result);
        return result;
    }

    private static GenerationResult collect(GenerationStream stream, GenerateOptions options, ProgressLine progress) {
        long count = 0;
        for (GeneratedToken token : stream) {
            count++;
            if (options.maxTokens().isPresent()) {
                progress.show("writing", count, options.maxTokens().getAsInt());
            } else {
                progress.show("writing %d: %s".formatted(count, token.token().display()));
            }
        }
        return stream.result();
    }
}
