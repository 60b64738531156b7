package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The prompts of a file and the results that exist. Not thread-safe.
 *
 * @param prompts checked by itself
 * @param results open
 * @param requests for the model that is asked
 * @param fingerprints of that model's results
 */
public record Batch(PromptFile prompts, BatchOutput results, BatchRequests requests, Fingerprints fingerprints) {

    /** A batch for a model. */
    public static Batch of(PromptFile prompts, BatchOutput results, LensClient client, ModelFacts model) {
        return new Batch(prompts, results, new BatchRequests(client, model), new Fingerprints(model));
    }

    /**
     * Checks each prompt against the model, and against the request of the line that exists; then makes the results
     * ready to be added to. Computes nothing.
     *
     * @param total prompts in the file
     * @param retryFailed whether errors of earlier runs are taken out, to be computed again
     * @return what is done
     * @throws CliException if a prompt asks for what the model does not have, or for something else than the earlier run;
     *     then nothing was changed
     */
    public BatchTally begin(int total, boolean retryFailed) throws IOException {
        int done = 0;
        int failed = 0;
        Set<String> again = new HashSet<>();
        try (PromptLines reader = new PromptLines(prompts)) {
            for (BatchPrompt prompt = reader.next(); prompt != null; prompt = reader.next()) {
                Optional<ResultLine> earlier = results.earlier(prompt);
                check(prompt, earlier);
                if (retryFailed && earlier.filter(ResultLine::failed).isPresent()) {
                    again.add(prompt.id());
                } else if (earlier.isPresent()) {
                    done++;
                    failed += earlier.get().failed() ? 1 : 0;
                }
            }
        }
        results.begin(again, requests.model());
        return new BatchTally(total, done, failed);
    }

    private void check(BatchPrompt prompt, Optional<ResultLine> earlier) {
        String place = prompts.place(prompt.line());
        try {
            requests.check(prompt);
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, "%s: %s".formatted(place, e.getMessage()), e);
        }
        if (earlier.isPresent() && !fingerprints.of(prompt).equals(earlier.get().fingerprint())) {
            throw CliException.usage(
                    "%s: --output has a line for \"%s\" of another prompt, other options, or a model with another name, weights, tokenizer or lens. Ask as the earlier run did, or name another file."
                            .formatted(place, prompt.id()));
        }
    }
}
