package dev.stratalens.cli.batch;

import dev.stratalens.cli.corpus.TextLines;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensFileException;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the prompts of a file have in common, by type: computed, or read from what a batch wrote. Results are added up in the
 * order of the prompts, or of the file, and forgotten. Single use, by one thread.
 */
public final class PromptStudy {

    private final PromptFile prompts;
    private final int total;
    private final PromptTypes types = new PromptTypes();
    private final FirstFailures failures;
    private int failed;

    /** A study of nothing yet.
     *
     * @param prompts checked by itself
     * @param total prompts in the file */
    public PromptStudy(PromptFile prompts, int total) {
        this.prompts = prompts;
        this.total = total;
        this.failures = new FirstFailures(prompts);
    }

    /**
     * Computes all prompts.
     *
     * @param window prompts that may be in flight
     * @throws CliException if a prompt asks for what the model does not have; then nothing was computed
     * @throws LensException if the server goes away, or a prompt fails for a reason that is not its own
     */
    public void compute(BatchRequests requests, int window, ProgressLine progress) throws IOException {
        requests.checkAll(prompts);
        try (PromptLines reader = new PromptLines(prompts)) {
            PromptRequests asked =
                    new PromptRequests(reader, prompt -> true, prompt -> request(requests.of(prompt)), this::note);
            compute(requests.client(), asked, window, progress);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What the curves need and no more. */
    private static LensRequest request(LensRequest prompt) {
        return prompt.toBuilder()
                .topK(1)
                .target(LensTarget.finalTop())
                .trajectories(Trajectories.none())
                .build();
    }

    private void compute(LensClient client, PromptRequests requests, int window, ProgressLine progress) {
        try (LensBatch answers = client.analyzeAll((Iterable<LensRequest>) () -> requests)
                .inFlight(window)
                .inOrder()) {
            for (BatchOutcome outcome : answers) {
                BatchPrompt prompt = requests.answered(outcome.index());
                if (outcome instanceof BatchOutcome.Failed failure) {
                    note(prompt, failure.failure());
                } else {
                    types.add(prompt.typeName(), outcome.result());
                }
                progress.show("prompts", (int) types.prompts() + failed, total);
            }
        }
    }

    /**
     * Reads the results that {@code batch} wrote for these prompts. A last line that was broken off is left out.
     *
     * @throws CliException if the file has something else, or results that do not go together
     */
    public void read(Path results, ProgressLine progress) throws IOException {
        Map<String, BatchPrompt> byId = new HashMap<>();
        try (PromptLines reader = new PromptLines(prompts)) {
            for (BatchPrompt prompt = reader.next(); prompt != null; prompt = reader.next()) {
                byId.put(prompt.id(), prompt);
            }
        }
        try (TextLines lines = new TextLines(Files.newInputStream(results))) {
            String broken = "";
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!broken.isEmpty()) {
                    throw CliException.usage(broken);
                }
                try {
                    add(line, byId);
                } catch (IllegalArgumentException | LensFileException e) {
                    broken = "--results: line %d of %s: %s.".formatted(lines.number(), results, e.getMessage());
                }
                progress.show("results", (int) types.prompts() + failed, total);
            }
        }
    }

    private void add(String line, Map<String, BatchPrompt> byId) throws IOException {
        ResultLine head = ResultLine.read(line)
                .orElseThrow(() -> new IllegalArgumentException("was not written by the command batch"));
        BatchPrompt prompt = byId.remove(head.id());
        if (prompt == null) {
            throw CliException.usage(
                    "--results has the id \"%s\", which the file of prompts does not have, or has twice. Give the prompts of that batch."
                            .formatted(head.id()));
        }
        if (head.failed()) {
            failed++;
            failures.add(prompt, " has an error in the results");
        } else {
            add(prompt, ResultLine.result(line));
        }
    }

    private void add(BatchPrompt prompt, LensResult result) {
        try {
            types.add(prompt.typeName(), result);
        } catch (IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE, "%s: %s.".formatted(prompts.place(prompt.line()), e.getMessage()), e);
        }
    }

    private void note(BatchPrompt prompt, LensException failure) {
        if (!BatchRun.isOfThePrompt(failure.code())) {
            throw failure;
        }
        failed++;
        failures.add(prompt, failure);
    }

    /** What came of it. */
    public PromptTypes types() {
        return types;
    }

    /** Prompts in the file. */
    public int total() {
        return total;
    }

    /** Prompts that failed. */
    public int failed() {
        return failed;
    }

    /** The first of the failures, in words. */
    public List<String> failures() {
        return failures.inWords();
    }
}
