package dev.stratalens.cli.command;

import dev.stratalens.cli.batch.Batch;
import dev.stratalens.cli.batch.BatchOutput;
import dev.stratalens.cli.batch.BatchRun;
import dev.stratalens.cli.batch.BatchTally;
import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.source.PromptFileOptions;
import dev.stratalens.cli.table.TableOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code batch}: the lens of every prompt of a file. */
@Command(
        name = "batch",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Computes the lens of every prompt of a file or a dataset, several at once, and adds a line of JSON to the"
                    + " output for each, or rows to a table in Parquet.",
            "Stopped or killed, the same command continues: what is in the output is not computed again."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} batch prompts.jsonl --output results.jsonl",
            "  ${ROOT-COMMAND-NAME} batch prompts.txt --output results.jsonl --positions last --top-k 3",
            "  ${ROOT-COMMAND-NAME} batch prompts.jsonl --output results.jsonl --retry-failed",
            "  ${ROOT-COMMAND-NAME} batch ~/data/wikitext --split test --output results.parquet --leave-out top_tokens",
            "  ${ROOT-COMMAND-NAME} batch --server localhost:50061 - --output out.jsonl < prompts.jsonl",
            "",
            "A line of prompts.jsonl; only text or token_ids is needed, and what it says replaces the options:",
            "  {\"id\": \"fr\", \"text\": \"The capital of France is\", \"top_k\": 3,",
            "   \"targets\": [\" Paris\"], \"layers\": \"::2\", \"stats\": \"none\"}   (on one line)",
            "A line of the output, in the order in which they are done:",
            "  {\"id\": \"fr\", \"request\": HASH, \"result\": {...}}, or in place of the result",
            "   \"error\": {\"code\": ..., \"message\": ...}",
            "A prompt without an id has its line number. Exit code 6: done, but some prompts have an error."
        })
public final class BatchCommand extends ConsoleCommand {

    @Mixin
    PromptFileOptions file = new PromptFileOptions();

    @Mixin
    TableOptions table = new TableOptions();

    @Option(names = "--retry-failed", description = "Compute again what the output has an error for.")
    boolean retryFailed;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nWhat to compute:%n")
    LensOptions lens = new LensOptions();

    @Option(names = "--quiet", description = "No progress and no summary.")
    boolean quiet;

    public BatchCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        try (PromptFile prompts = file.open(console, lens.settings());
                ProgressLine progress = console.progress(quiet)) {
            if (prompts.isSame(table.output)) {
                throw CliException.usage(
                        "--output: %s is or holds the file of prompts; name another.".formatted(table.output));
            }
            progress.show("reading " + file.input);
            int total = prompts.check();
            try (BatchOutput results = table.open();
                    Connection connection = model.open(installation, progress)) {
                return run(prompts, total, results, connection, progress).number();
            }
        }
    }

    private ExitCode run(
            PromptFile prompts, int total, BatchOutput results, Connection connection, ProgressLine progress)
            throws IOException {
        Batch batch = Batch.of(prompts, results, connection.client(), connection.awaitModel(progress));
        BatchTally tally = batch.begin(total, retryFailed);
        BatchRun run = new BatchRun(batch, tally, progress);
        run.run(file.inFlight.number, () -> {
            progress.clear();
            summarize(run, tally);
        });
        if (run.isInterrupted()) {
            return ExitCode.INTERRUPTED;
        }
        return tally.failed() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
    }

    private void summarize(BatchRun run, BatchTally tally) {
        if (quiet) {
            return;
        }
        run.failures().forEach(failure -> console.err().println(failure));
        if (tally.failed() > 0) {
            console.err()
                    .printf(
                            "%d of %d prompts failed; --retry-failed computes them again.%n",
                            tally.failed(), tally.total());
        }
        console.out().printf("%d of %d prompts are in %s.", tally.done(), tally.total(), table.output);
        if (tally.computed() > 0) {
            console.out().printf(" Computed now: %s.", tally.pace());
        }
        if (tally.done() < tally.total()) {
            console.out().print(" The same command continues.");
        }
        console.out().println();
        console.out().flush(); // before the process is told to end
    }
}
