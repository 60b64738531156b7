package dev.stratalens.cli.intervention;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.source.PromptOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.SweepStream;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.client.result.SweepResult;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sweep}: one change at each layer and token, and how far each moves the output. */
@Command(
        name = "sweep",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Makes one change at each layer and token of a prompt alone, and maps how far each moves a number.",
            "With --from this is causal tracing: where in the model a row of the other prompt brings its answer."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} sweep \"The capital of France is\" --from \"The capital of Italy is\""
                    + " --target \" Rome\" --against \" Paris\"",
            "  ${ROOT-COMMAND-NAME} sweep \"The capital of France is\" --site attention-heads --zero --by-head"
                    + " --at-positions last",
            "  ${ROOT-COMMAND-NAME} sweep \"The capital of France is\" --site feed-forward-output --zero --output sweep.svg"
        })
public final class SweepCommand extends ConsoleCommand {

    private static final String ALL = "all";

    @Mixin
    PromptOptions prompt = new PromptOptions();

    @Option(names = "--no-special-tokens", description = "Leave out the tokenizer's special tokens.")
    boolean noSpecialTokens;

    @ArgGroup(validate = false, heading = RowOptions.HEADING)
    RowOptions rows = new RowOptions();

    @Option(names = "--by-head", description = "With --site attention-heads: change each head alone.")
    boolean byHead;

    @ArgGroup(validate = false, heading = ReplacementOptions.HEADING)
    ReplacementOptions replacement = new ReplacementOptions();

    @ArgGroup(validate = false, heading = MetricOptions.HEADING)
    MetricOptions metrics = new MetricOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = SweepFormat.class,
            completionCandidates = SweepFormat.class,
            description = "table, json, csv, markdown, svg or png (default: that of the output file, else table).")
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    public SweepCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        output.check(format, SweepFormat.ALL, "sweep", console);
        if (byHead && rows.site != ChangedSite.ATTENTION_HEADS) {
            throw CliException.usage("--by-head needs --site attention-heads.");
        }
        Metric metric = metrics.metric();
        Intervention intervention = Intervention.of(rows.rows(ALL, ALL), replacement.operation(prompt.chat));
        String text = prompt.read(console);
        SweepResult sweep = compute(text, intervention, metric);
        String change = "%s, %s".formatted(rows.inWords(ALL, ALL), replacement.inWords());
        String title = "How far each change alone moves the %s (%s)".formatted(MetricWords.of(metric), change);
        output.write(
                new SweepReport(
                        change,
                        MetricWords.of(metric),
                        sweep,
                        output.figure.strided(SweepMap.of(
                                sweep, title, sweep.info().model().info().name(), rows.site == ChangedSite.EMBEDDING))),
                console);
        return ExitCode.OK.number();
    }

    private SweepResult compute(String text, Intervention intervention, Metric metric) throws IOException {
        return prompt.ask(console, installation, (connection, progress) -> {
            SweepRequest.Builder request = SweepRequest.of(prompt.chat.prompt(text), intervention, metric)
                    .model(connection.model())
                    .specialTokens(prompt.chat.specialTokens(noSpecialTokens));
            if (byHead) {
                request.byHead();
            }
            try (SweepStream stream = connection.client().sweepStream(request.build())) {
                return stream.onProgress(state -> ServerProgress.show(state, "", progress))
                        .result();
            }
        });
    }
}
