package dev.stratalens.cli.batch;

import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.result.LensResult;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Where a batch writes its results, so that a later run continues it. Locked while it is open; what was added stays, however the
 * program ends. Not thread-safe.
 */
public interface BatchOutput extends Closeable {

    /** What is there of a prompt from earlier runs, if anything. */
    Optional<ResultLine> earlier(BatchPrompt prompt);

    /**
     * Gets ready to be added to. Before that, nothing is changed.
     *
     * @param again ids whose failures are taken out first, as they will be added again
     * @param model of all results
     */
    void begin(Set<String> again, ModelFacts model) throws IOException;

    /** Adds the result of a prompt. */
    void add(BatchPrompt prompt, String fingerprint, LensResult result) throws IOException;

    /** Adds the failure of a prompt. */
    void add(BatchPrompt prompt, String fingerprint, LensException failure) throws IOException;

    /** Is told that every prompt was added. */
    void complete() throws IOException;
}
