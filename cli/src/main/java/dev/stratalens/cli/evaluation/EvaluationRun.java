package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.batch.BatchRun;
import dev.stratalens.cli.batch.FirstFailures;
import dev.stratalens.cli.batch.PromptFile;
import dev.stratalens.cli.batch.PromptLines;
import dev.stratalens.cli.batch.StopSignal;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.report.evaluation.EvaluationUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Evaluates the prompts of a file in their order, and forgets the answers. Started again with the sums that were kept, it adds the same
 * answers in the same order as a run that was not stopped. Single use, by one thread.
 */
final class EvaluationRun {

    private final PromptFile prompts;
    private final int total;
    private final EvaluationTask task;
    private final SumsFile kept;
    private final FirstFailures failures;
    private EvaluationUnit unit = new EvaluationUnit();
    private boolean unitFailed;
    private int computed;
    private boolean interrupted;

    /**
     * A run that has not begun.
     *
     * @param prompts checked
     * @param total prompts in the file
     * @param kept where sums are kept
     */
    EvaluationRun(PromptFile prompts, int total, EvaluationTask task, SumsFile kept) {
        this.prompts = prompts;
        this.total = total;
        this.task = task;
        this.kept = kept;
        this.failures = new FirstFailures(prompts);
    }

    /**
     * Evaluates what is not in the sums yet, until the process is told to end. {@code whenOver} is run while the process still waits for
     * this run.
     *
     * @param window requests that may be in flight
     * @throws LensException if the server goes away, or a prompt fails for a reason that is not its own
     */
    EvaluationState run(LensClient client, ModelFacts model, int window, ProgressLine progress, Runnable whenOver)
            throws IOException {
        EvaluationState state = kept.open(prompts, model.info(), task.settings());
        try (PromptLines reader = new PromptLines(prompts)) {
            EvaluationParts parts =
                    new EvaluationParts(reader, state.linesDone(), prompt -> task.parts(client, model, prompt));
            try (LensBatch answers = client.analyzeAll((Iterable<LensRequest>) () -> parts)
                            .inFlight(window)
                            .inOrder();
                    StopSignal stop = new StopSignal(answers::close)) {
                try {
                    for (BatchOutcome outcome : answers) {
                        take(parts.answered(), outcome, state);
                        progress.show("evaluating", state.linesDone(), Math.max(total, state.linesDone()));
                    }
                } finally {
                    interrupted = stop.isGiven();
                    kept.save(state);
                    whenOver.run();
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return state;
    }

    private void take(EvaluationParts.Asked asked, BatchOutcome outcome, EvaluationState state) throws IOException {
        if (outcome instanceof BatchOutcome.Failed failed) {
            note(asked.prompt(), failed.failure());
        } else if (!unitFailed) {
            asked.part().reading().add(unit, outcome.result());
        }
        if (!asked.isLast()) {
            return;
        }
        computed++;
        if (unitFailed) {
            state.failed(asked.prompt().line());
        } else {
            state.sums().add(unit);
            state.lineDone(asked.prompt().line());
        }
        unit = new EvaluationUnit();
        unitFailed = false;
        kept.saveSometimes(state);
    }

    private void note(BatchPrompt prompt, LensException failure) {
        if (!BatchRun.isOfThePrompt(failure.code())) {
            throw failure;
        }
        if (!unitFailed) {
            failures.add(prompt, failure);
        }
        unitFailed = true;
    }

    /** Whether the process was told to end. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Prompts that this run has evaluated. */
    int computed() {
        return computed;
    }

    /** Prompts in the file. */
    int total() {
        return total;
    }

    /** The first failures of this run, in words. */
    List<String> failures() {
        return failures.inWords();
    }
}
