package dev.stratalens.cli.command;

import dev.stratalens.cli.batch.BatchRequests;
import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.batch.PromptFormat;
import dev.stratalens.cli.batch.PromptStudy;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.option.FigureOptions;
import dev.stratalens.cli.option.InFlightOption;
import dev.stratalens.cli.option.ModelOptions;
import dev.stratalens.cli.option.PromptsFormat;
import dev.stratalens.cli.option.PromptsOptions;
import dev.stratalens.cli.option.PromptsView;
import dev.stratalens.cli.option.StandardOptions;
import dev.stratalens.cli.output.Destination;
import dev.stratalens.cli.output.OutputFile;
import dev.stratalens.cli.report.TypesCsv;
import dev.stratalens.cli.report.TypesJson;
import dev.stratalens.cli.report.TypesReport;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.SvgFigure;
import dev.stratalens.report.prompts.PromptFigures;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prompts}: what the prompts of each type of a file have in common. */
@Command(
        name = "prompts",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Compares types of prompts by the means of their curves over layers.",
            "Shown are mean and spread, over the prompts of each type, of probability, rank, entropy and KL by layer,",
            "and of the layer where the prediction crystallises."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} prompts docs/examples/prompts.jsonl",
            "  ${ROOT-COMMAND-NAME} prompts docs/examples/prompts.jsonl --by target-rank",
            "  ${ROOT-COMMAND-NAME} prompts docs/examples/prompts.jsonl --format svg --output types.svg",
            "  ${ROOT-COMMAND-NAME} prompts prompts.jsonl --model ~/models/gpt2 --format csv --output types.csv",
            "  ${ROOT-COMMAND-NAME} prompts prompts.jsonl --positions all --target next",
            "  ${ROOT-COMMAND-NAME} prompts prompts.jsonl --results results.jsonl     what `batch` computed",
            "",
            "A line of prompts.jsonl, as batch reads it, too; type and targets may be left out:",
            "  {\"type\": \"facts\", \"text\": \"The capital of France is\", \"targets\": [\" Paris\"]}",
            "Each prompt counts once; its target is its first one. Spread is the standard deviation between",
            "prompts. Ranks are averaged by their logarithms. Exit code 6: done, but some prompts failed."
        })
public final class PromptsCommand extends StandardOptions implements Callable<Integer> {

    @Parameters(
            paramLabel = "PROMPTS",
            description = "A file with a JSON object a line, or .txt with a prompt a line; `-`: standard input.")
    String input = "";

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Compute nothing: read what `batch --output FILE` wrote for these prompts.")
    @Nullable
    Path results;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            completionCandidates = PromptsView.Words.class,
            description =
                    "Show only one of ${COMPLETION-CANDIDATES}, where target and final are the probabilities of the"
                            + " target and of the model's own prediction (default: all that there is).")
    @Nullable
    PromptsView view;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "table, json, csv, svg or png (default: table). json and csv hold everything; a picture shows what"
                            + " --by says, by default target, or final without targets.")
    PromptsFormat format = PromptsFormat.TABLE;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file, whole or not at all.")
    @Nullable
    Path output;

    @ArgGroup(validate = false, heading = FigureOptions.HEADING)
    FigureOptions figure = new FigureOptions();

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "jsonl or text (default: text for .txt, else jsonl).")
    @Nullable
    PromptFormat inputFormat;

    @Mixin
    InFlightOption inFlight = new InFlightOption();

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nWhat to compute:%n")
    PromptsOptions lens = new PromptsOptions();

    @Option(names = "--quiet", description = "No progress and no word on what failed.")
    boolean quiet;

    private final Console console;
    private final Installation installation;

    public PromptsCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException {
        inFlight.check();
        figure.check();
        Destination destination =
                new Destination(console, Optional.ofNullable(output).map(OutputFile::new));
        if (format == PromptsFormat.PNG) {
            destination.refuseOnTerminal(format.toString(), "types.png");
        }
        PromptStudy study = study();
        if (format == PromptsFormat.PNG) {
            destination.writePng(style -> svg(study.types(), style), figure);
        } else {
            destination.write((out, scale) -> write(study.types(), out, scale));
        }
        return (study.failed() == 0 ? ExitCode.OK : ExitCode.PARTIAL).number();
    }

    private PromptStudy study() throws IOException {
        try (PromptFile prompts = PromptFile.of(input, console.in(), inputFormat, lens.settings());
                ProgressLine progress = console.progress(quiet)) {
            progress.show("reading " + input);
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
        try (Connection connection = model.open(installation, progress)) {
            study.compute(
                    new BatchRequests(connection.client(), connection.awaitModel(progress)), inFlight.limit, progress);
        }
    }

    private void requireReadable(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw CliException.usage("--results: there is no file %s to read.".formatted(file));
        }
        if (model.model != null || model.server != null) {
            throw CliException.usage("--results has its model; leave out --model and --server.");
        }
    }

    private void tellFailures(PromptStudy study) {
        long done = study.types().prompts();
        if (!quiet) {
            study.failures().forEach(failure -> console.err().println(failure));
            if (done < study.total()) {
                console.err().printf("%d of %d prompts have a result.%n", done, study.total());
            }
        }
        if (done == 0) {
            throw CliException.usage("none of the %d prompts has a result.".formatted(study.total()));
        }
    }

    private void write(PromptTypes types, Writer out, HeatScale scale) throws IOException {
        switch (format) {
            case TABLE -> {
                PrintWriter printer = new PrintWriter(out);
                new TypesReport(printer, scale, console.terminal().columns()).print(types, quantities(types));
                printer.flush();
            }
            case JSON -> TypesJson.write(types, out);
            case CSV -> TypesCsv.write(types, out);
            case SVG -> out.write(svg(types, figure.style()));
            case PNG -> throw new IllegalStateException("a PNG file is no text");
        }
    }

    private String svg(PromptTypes types, FigureStyle style) {
        return SvgFigure.svg(PromptFigures.chart(types, quantities(types).get(0)), style);
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
