package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.output.PromptsReportOptions;
import dev.stratalens.cli.selection.EvaluationOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.report.evaluation.EvaluationMeasure;
import dev.stratalens.report.evaluation.EvaluationSums;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates lenses over a file. */
abstract class EvaluatingCommand extends ConsoleCommand {

    @Mixin
    PromptsReportOptions options = new PromptsReportOptions();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = "Show only this measure, such as agreement; a picture shows one (default: all; the first).")
    @Nullable
    String by;

    @Option(
            names = "--sums",
            paramLabel = "FILE",
            description = "Keep the sums in this file. Stopped or killed, the same command goes on from there.")
    @Nullable
    Path sums;

    @Option(
            names = "--save-every",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "With --sums: how much work a kill may cost (default: 30; 0 saves after each line).")
    int saveEvery;

    @ArgGroup(validate = false, heading = "%nWhich lenses:%n")
    EvaluationOptions lens = new EvaluationOptions();

    EvaluatingCommand(Console console, Installation installation) {
        super(console, installation);
    }

    /**
     * What is asked and read.
     *
     * @throws CliException if the options do not fit the model
     */
    abstract EvaluationTask task(ModelFacts model);

    /**
     * Checks a line by itself.
     *
     * @throws CliException if it cannot be evaluated
     */
    abstract void check(BatchPrompt prompt);

    /** Everything that is measured. */
    abstract List<EvaluationMeasure> measures();

    /** What was evaluated, in words. */
    abstract String words(EvaluationSums evaluated);

    /** Writes what goes to other files. */
    void writeMore(EvaluationTask task, ModelFacts facts, EvaluationSums evaluated) throws IOException {}

    final Integer evaluate() throws IOException {
        options.checkOutput("evaluation", console);
        List<EvaluationMeasure> shown = shown();
        if (saveEvery < 0) {
            throw CliException.usage("--save-every: %d is negative; give seconds.".formatted(saveEvery));
        }
        try (PromptFile prompts = options.file.open(console, lens.settings());
                ProgressLine progress = console.progress(options.quiet)) {
            progress.show("reading " + options.file.input);
            int total = prompts.check(prompt -> {
                requireSettings(prompt, prompts.defaults());
                check(prompt);
            });
            try (Connection connection = options.model.open(installation, progress)) {
                ModelFacts facts = connection.awaitModel(progress);
                EvaluationTask task = task(facts);
                EvaluationRun run =
                        new EvaluationRun(prompts, total, task, new SumsFile(sums, Duration.ofSeconds(saveEvery)));
                EvaluationState state =
                        run.run(connection.client(), facts, options.file.inFlight.number, progress, () -> {
                            progress.clear();
                            tellFailures(run);
                        });
                if (run.isInterrupted()) {
                    return ExitCode.INTERRUPTED.number();
                }
                if (state.sums().units() == 0) {
                    throw CliException.usage("none of the %d lines could be evaluated.".formatted(total));
                }
                options.output.write(
                        new EvaluationReport(facts.info(), state.sums(), words(state.sums()), measures(), shown),
                        console);
                writeMore(task, facts, state.sums());
                return (state.failed() == 0 ? ExitCode.OK : ExitCode.PARTIAL).number();
            }
        }
    }

    /** All numbers are means over all prompts, so that what is computed cannot differ between them. */
    private static void requireSettings(BatchPrompt prompt, LensSettings all) {
        LensSettings own = prompt.settings();
        boolean same = own.layers().equals(all.layers())
                && own.positions().equals(all.positions())
                && own.topK() == all.topK()
                && own.statistics().equals(all.statistics());
        if (!same) {
            throw CliException.usage(
                    "layers, positions, top_k and stats are those of the command; a line has id, type, text and targets.");
        }
    }

    private List<EvaluationMeasure> shown() {
        if (by == null) {
            return measures();
        }
        return List.of(measures().stream()
                .filter(measure -> measure.key().equals(by))
                .findFirst()
                .orElseThrow(() -> CliException.usage("--by: \"%s\" is not one of %s."
                        .formatted(
                                by,
                                String.join(
                                        ", ",
                                        measures().stream()
                                                .map(EvaluationMeasure::key)
                                                .toList())))));
    }

    private void tellFailures(EvaluationRun run) {
        if (options.quiet) {
            return;
        }
        run.failures().forEach(failure -> console.err().println(failure));
        if (run.isInterrupted() && sums != null) {
            console.err().printf("Stopped. The sums so far are in %s; the same command goes on from there.%n", sums);
        }
    }
}
