package dev.stratalens.cli.command;

import dev.stratalens.cli.batch.BatchRequests;
import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.batch.PromptStudy;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.PromptsReportOptions;
import dev.stratalens.cli.selection.PromptsOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.cli.types.PromptsView;
import dev.stratalens.cli.types.TypesReport;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code prompts}: what the prompts of each type of a file have in common. */
@Command(
        name = "prompts",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Compares types of prompts by the means of their curves over layers.",
            "Shown are mean and spread, over the prompts of each type, of probability, rank, entropy and KL by layer,",
            "and of the layer where the prediction crystallizes."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} prompts docs/examples/prompts.jsonl",
            "  ${ROOT-COMMAND-NAME} prompts docs/examples/prompts.jsonl --by target-rank",
            "  ${ROOT-COMMAND-NAME} prompts docs/examples/prompts.jsonl --output types.svg",
            "  ${ROOT-COMMAND-NAME} prompts prompts.jsonl --model ~/models/gpt2 --output types.csv",
            "  ${ROOT-COMMAND-NAME} prompts prompts.jsonl --positions all --target next",
            "  ${ROOT-COMMAND-NAME} prompts prompts.jsonl --results results.jsonl   # of batch",
            "",
            "A line of prompts.jsonl, as batch reads it, too; type and targets may be left out:",
            "  {\"type\": \"facts\", \"text\": \"The capital of France is\", \"targets\": [\" Paris\"]}",
            "Each prompt counts once; its target is its first one. Spread is the standard deviation between",
            "prompts. Ranks are averaged by their logarithms. Exit code 6: done, but some prompts failed."
        })
public final class PromptsCommand extends ConsoleCommand {

    @Mixin
    PromptsReportOptions options = new PromptsReportOptions();

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Compute nothing: read what `batch --output FILE` wrote for these prompts.")
    @Nullable
    Path results;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            converter = PromptsView.Words.class,
            completionCandidates = PromptsView.Words.class,
            description =
                    "Show only one of ${COMPLETION-CANDIDATES}, where target and final are the probabilities of the"
                            + " target and of the model's own prediction (default: all that there is; in a picture, target, or final"
                            + " without targets).")
    @Nullable
    PromptsView view;

    @ArgGroup(validate = false, heading = "%nWhat to compute:%n")
    PromptsOptions lens = new PromptsOptions();

    public PromptsCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        options.checkOutput("types", console);
        PromptStudy study = study();
        options.output.write(new TypesReport(study.types(), quantities(study.types())), console);
        return (study.types().prompts() == study.total() ? ExitCode.OK : ExitCode.PARTIAL).number();
    }

    private PromptStudy study() throws IOException {
        try (PromptFile prompts = options.file.open(console, lens.settings());
                ProgressLine progress = console.progress(options.quiet)) {
            progress.show("reading " + options.file.input);
            PromptStudy study = new PromptStudy(prompts, prompts.check());
            if (results == null) {
                compute(study, progress);
            } else {
                requireReadable(results);
                study.read(results, progress);
            }
            progress.clear();
            tellFailures(study);
            return study;
        }
    }

    private void compute(PromptStudy study, ProgressLine progress) throws IOException {
        try (Connection connection = options.model.open(installation, progress)) {
            study.compute(
                    new BatchRequests(connection.client(), connection.awaitModel(progress)),
                    options.file.inFlight.number,
                    progress);
        }
    }

    private void requireReadable(Path saved) {
        if (!Files.isReadable(saved) || Files.isDirectory(saved)) {
            throw CliException.usage("--results: there is no file %s to read.".formatted(saved));
        }
        if (options.model.model != null || options.model.server != null) {
            throw CliException.usage("--results has its model; leave out --model and --server.");
        }
    }

    private void tellFailures(PromptStudy study) {
        long done = study.types().prompts();
        if (!options.quiet) {
            study.failures().forEach(failure -> console.err().println(failure));
            if (done < study.total()) {
                console.err().printf("%d of %d prompts have a result.%n", done, study.total());
            }
        }
        if (done == 0) {
            throw CliException.usage("none of the %d prompts has a result.".formatted(study.total()));
        }
    }

    private List<PromptQuantity> quantities(PromptTypes types) {
        if (view != null && !view.isIn(types)) {
            throw CliException.usage(
                    "--by %s: no prompt has that. Targets are in the file or given by --target; what a batch left out with --stats is not in its results."
                            .formatted(view));
        }
        return PromptsView.all().stream()
                .filter(each -> view == null ? each.isIn(types) : each.equals(view))
                .map(PromptsView::quantity)
                .toList();
    }
}
