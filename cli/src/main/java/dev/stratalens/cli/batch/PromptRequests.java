package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of prompts, read as they are wanted, and the prompts that are in flight. A prompt that fails before it is
 * sent is told at once. Not thread-safe.
 */
final class PromptRequests implements Iterator<LensRequest> {

    /** Hears of prompts that have no request. */
    @FunctionalInterface
    interface Failures {
        void add(BatchPrompt prompt, LensException failure) throws IOException;
    }

    private final PromptLines reader;
    private final Predicate<BatchPrompt> isWanted;
    private final Function<BatchPrompt, LensRequest> requestOf;
    private final Failures failures;
    private final Map<Long, BatchPrompt> inFlight = new HashMap<>();
    private @Nullable LensRequest next;
    private long index;

    /**
     * @param isWanted false for prompts that are passed over
     * @param requestOf may refuse a prompt by a {@link CliException} or a {@link LensException}
     */
    PromptRequests(
            PromptLines reader,
            Predicate<BatchPrompt> isWanted,
            Function<BatchPrompt, LensRequest> requestOf,
            Failures failures) {
        this.reader = reader;
        this.isWanted = isWanted;
        this.requestOf = requestOf;
        this.failures = failures;
    }

    /** The prompt of an answer, by its index among the requests; it is in flight no more. */
    BatchPrompt answered(long answer) {
        BatchPrompt prompt = inFlight.remove(answer);
        if (prompt == null) {
            throw new IllegalStateException("no prompt has the index " + answer);
        }
        return prompt;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                BatchPrompt prompt = reader.next();
                if (prompt == null) {
                    return false;
                }
                if (isWanted.test(prompt)) {
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
            LensRequest request = requestOf.apply(prompt);
            inFlight.put(index, prompt);
            return request;
        } catch (CliException e) {
            failure = new LensException(ErrorCode.INVALID_REQUEST, e.getMessage(), null, e);
        } catch (LensException e) {
            failure = e;
        }
        failures.add(prompt, failure);
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
