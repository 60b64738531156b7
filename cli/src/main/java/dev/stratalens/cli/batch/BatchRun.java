package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.ErrorCode;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensException;
import dev.stratalens.client.LensRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Computes what is not there yet and writes each result as it comes. Single use, by one thread. */
public final class BatchRun {

    private static final int FAILURES_SHOWN = 3;

    private final Batch batch;
    private final BatchTally tally;
    private final ProgressLine progress;
    private final Map<Long, BatchPrompt> inFlight = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private boolean interrupted;

    public BatchRun(Batch batch, BatchTally tally, ProgressLine progress) {
        this.batch = batch;
        this.tally = tally;
        this.progress = progress;
    }

    /**
     * Runs until all is done, or until the process is told to end; what came until then is in the file. {@code whenOver} is
     * run while the process still waits for this run.
     *
     * @param window prompts that may be in flight
     * @throws LensException if the server goes away, or a prompt fails for a reason that is not its own
     */
    public void run(int window, Runnable whenOver) throws IOException {
        try (PromptReader reader = new PromptReader(batch.prompts());
                LensBatch answers = batch.requests()
                        .client()
                        .analyzeAll((Iterable<LensRequest>) () -> new Requests(reader))
                        .inFlight(window);
                StopSignal stop = new StopSignal(answers::close)) {
            try {
                for (BatchOutcome outcome : answers) {
                    write(outcome);
                    show();
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
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
        return List.copyOf(failures);
    }

    private void write(BatchOutcome outcome) throws IOException {
        BatchPrompt prompt = inFlight.remove(outcome.index());
        if (prompt == null) {
            throw new IllegalStateException("no prompt has the index " + outcome.index());
        }
        if (outcome instanceof BatchOutcome.Completed done) {
            batch.results().add(prompt.id(), batch.fingerprints().of(prompt), done.result());
            tally.addResult(done.result().tokens().size());
        } else if (outcome instanceof BatchOutcome.Failed failed) {
            write(prompt, failed.failure());
        }
    }

    private void write(BatchPrompt prompt, LensException failure) throws IOException {
        if (!isOfThePrompt(failure.code())) {
            throw failure;
        }
        batch.results().add(prompt.id(), batch.fingerprints().of(prompt), failure);
        tally.addFailure();
        if (failures.size() < FAILURES_SHOWN) {
            failures.add("%s, \"%s\": %s: %s"
                    .formatted(
                            batch.prompts().place(prompt.line()), prompt.id(), failure.code(), failure.getMessage()));
        }
    }

    /** Whether the other prompts may fare better; if not, an error in each line would only have to be taken out again. */
    static boolean isOfThePrompt(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, PROMPT_TOO_LONG, MEMORY_LIMIT, INTERNAL -> true;
            case UNKNOWN_MODEL,
                    UNSUPPORTED_ARCHITECTURE,
                    INVALID_CHECKPOINT,
                    MODEL_MEMORY,
                    MODEL_IN_USE,
                    NOT_ALLOWED,
                    QUEUE_FULL,
                    READER_TOO_SLOW,
                    UNAVAILABLE,
                    DEADLINE_EXCEEDED,
                    CANCELLED,
                    BROKEN_STREAM -> false;
        };
    }

    private void show() {
        progress.show("batch", tally.done(), tally.total(), tally.progress());
    }

    /** What is to be computed, read as it is wanted. What fails before it is sent is written at once. */
    private final class Requests implements Iterator<LensRequest> {
        private final PromptReader reader;
        private @Nullable LensRequest next;
        private long index;

        Requests(PromptReader reader) {
            this.reader = reader;
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null) {
                    BatchPrompt prompt = reader.next();
                    if (prompt == null) {
                        return false;
                    }
                    if (batch.results().earlier(prompt.id()).isEmpty()) {
                        next = request(prompt);
                    }
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private @Nullable LensRequest request(BatchPrompt prompt) throws IOException {
            LensException failure;
            try {
                LensRequest request = batch.requests().of(prompt);
                inFlight.put(index, prompt);
                return request;
            } catch (CliException e) {
                failure = new LensException(ErrorCode.INVALID_REQUEST, e.getMessage(), null, e);
            } catch (LensException e) {
                failure = e;
            }
            write(prompt, failure);
            show();
            return null;
        }

        @Override
        public LensRequest next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException("no further prompt");
            }
            LensRequest request = next;
            next = null;
            index++;
            return request;
        }
    }
}
