package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.ErrorCode;
import dev.stratalens.client.LensException;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.Trajectories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a study, read as they are wanted: what its curves need and no more. A prompt that fails before it is sent
 * is told at once.
 */
final class StudyRequests implements Iterator<LensRequest> {

    private final PromptReader reader;
    private final BatchRequests requests;
    private final Map<Long, BatchPrompt> inFlight;
    private final BiConsumer<BatchPrompt, LensException> failures;
    private @Nullable LensRequest next;
    private long index;

    StudyRequests(
            PromptReader reader,
            BatchRequests requests,
            Map<Long, BatchPrompt> inFlight,
            BiConsumer<BatchPrompt, LensException> failures) {
        this.reader = reader;
        this.requests = requests;
        this.inFlight = inFlight;
        this.failures = failures;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                BatchPrompt prompt = reader.next();
                if (prompt == null) {
                    return false;
                }
                next = request(prompt);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable LensRequest request(BatchPrompt prompt) {
        try {
            LensRequest request = requests.of(prompt).toBuilder()
                    .topK(1)
                    .target(LensTarget.finalTop())
                    .trajectories(Trajectories.none())
                    .build();
            inFlight.put(index, prompt);
            return request;
        } catch (CliException e) {
            failures.accept(prompt, new LensException(ErrorCode.INVALID_REQUEST, e.getMessage(), null, e));
        } catch (LensException e) {
            failures.accept(prompt, e);
        }
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
