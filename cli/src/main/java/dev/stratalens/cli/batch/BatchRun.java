package dev.stratalens.cli.batch;

import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Computes what is not there yet and writes each result as it comes. Single use, by one thread. */
public final class BatchRun {

    private final Batch batch;
    private final BatchTally tally;
    private final ProgressLine progress;
    private final FirstFailures failures;
    private boolean interrupted;

    public BatchRun(Batch batch, BatchTally tally, ProgressLine progress) {
        this.batch = batch;
        this.tally = tally;
        this.progress = progress;
        this.failures = new FirstFailures(batch.prompts());
    }

    /**
     * Runs until all is done, or until the process is told to end; what came until then is in the file. {@code whenOver} is
     * run while the process still waits for this run.
     *
     * @param window prompts that may be in flight
     * @throws LensException if the server goes away, or a prompt fails for a reason that is not its own
     */
    public void run(int window, Runnable whenOver) throws IOException {
        try (PromptLines reader = new PromptLines(batch.prompts())) {
            run(requests(reader), window, whenOver);
        }
    }

    private PromptRequests requests(PromptLines reader) {
        return new PromptRequests(
                reader,
                prompt -> batch.results().earlier(prompt).isEmpty(),
                batch.requests()::of,
                (prompt, failure) -> {
                    write(prompt, failure);
                    show();
                });
    }

    private void run(PromptRequests requests, int window, Runnable whenOver) throws IOException {
        try (LensBatch answers = batch.requests()
                        .client()
                        .analyzeAll((Iterable<LensRequest>) () -> requests)
                        .inFlight(window)
                        .onProgress((state, index) -> show(state));
                StopSignal stop = new StopSignal(answers::close)) {
            try {
                for (BatchOutcome outcome : answers) {
                    write(requests.answered(outcome.index()), outcome);
                    show();
                }
                if (!stop.isGiven()) {
                    batch.results().complete();
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (IOException e) {
                throw new CliException(
                        ExitCode.INTERNAL,
                        "the output cannot be written: %s. What is there stays; the same command continues once this is mended."
                                .formatted(e.getMessage()),
                        e);
            } finally {
                interrupted = stop.isGiven();
                whenOver.run();
            }
        }
    }

    /** Whether the process was told to end. */
    public boolean isInterrupted() {
        return interrupted;
    }

    /** The first failures of this run, in words. */
    public List<String> failures() {
        return failures.inWords();
    }

    private void write(BatchPrompt prompt, BatchOutcome outcome) throws IOException {
        if (outcome instanceof BatchOutcome.Completed done) {
            batch.results().add(prompt, batch.fingerprints().of(prompt), done.result());
            tally.addResult(done.result().tokens().size());
        } else if (outcome instanceof BatchOutcome.Failed failed) {
            write(prompt, failed.failure());
        }
    }

    private void write(BatchPrompt prompt, LensException failure) throws IOException {
        if (!isOfThePrompt(failure.code())) {
            throw failure;
        }
        batch.results().add(prompt, batch.fingerprints().of(prompt), failure);
        tally.addFailure();
        failures.add(prompt, failure);
    }

    /** Whether the other prompts may fare better; if not, an error in each line would only have to be taken out again. */
    public static boolean isOfThePrompt(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, PROMPT_TOO_LONG, MEMORY_LIMIT, QUOTA_EXCEEDED, REFUSED, LIMIT_EXCEEDED, INTERNAL ->
                true;
            case UNKNOWN_MODEL,
                    UNSUPPORTED_ARCHITECTURE,
                    NOT_AVAILABLE,
                    MODEL_SOURCE,
                    INVALID_CHECKPOINT,
                    MODEL_MEMORY,
                    MODEL_IN_USE,
                    UNAUTHENTICATED,
                    NOT_ALLOWED,
                    QUEUE_FULL,
                    DEADLINE_TOO_SHORT,
                    READER_TOO_SLOW,
                    UNAVAILABLE,
                    DEADLINE_EXCEEDED,
                    CANCELLED,
                    BROKEN_STREAM -> false;
        };
    }

    private void show() {
        show(tally.progress());
    }

    private void show(String words) {
        progress.show("batch", tally.done(), tally.total(), words);
    }

    /** Shows what holds up all prompts. */
    private void show(Progress state) {
        switch (state.phase()) {
            case DOWNLOAD, LOADING -> ServerProgress.show(state, "", progress);
            case QUEUED -> {
                if (state.total().isEmpty()) {
                    show("waiting for what your limits allow next");
                }
            }
            default -> {}
        }
    }
}
