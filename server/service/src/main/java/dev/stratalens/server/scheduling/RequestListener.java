package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.generation.GenerationEnd;
import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.models.ServingState;

/**
 * Follows one request: {@code (loading | queued)* [started result* (generated result*)*] (completed | failed)}, one of these at a time, from several
 * threads, and never under a lock. None may block. What {@link #started} and those after it throw fails the request; what the
 * others and {@link #failed} throw is logged and changes nothing.
 */
public interface RequestListener extends LensListener {

    /** Bytes that following a request takes while it runs, beside what the engine needs. Returns at once. */
    default long memoryNeed(LensPlan plan, ModelDescription model) {
        return 0;
    }

    /** The model is being loaded. */
    void loading(ServingState.Loading progress);

    /** Number of requests of the same model that come first; told when the request comes, and whenever it gets smaller, down to 0. */
    void queued(int ahead);

    /** The request runs now. Its results follow, on the computing thread. */
    void started(RequestStart start);

    /** As for any plan; told again with the same numbers while others compute within the pass. */
    @Override
    void progress(Phase phase, long done, long total);

    /**
     * A generated token. The results after it are those of its row, by a plan of their own.
     *
     * @param row the plan of its row
     * @param isLast whether no token comes after it
     */
    default void generated(NewToken token, LensPlan row, boolean isLast) {}

    /** The generation has ended; {@link #completed} follows. */
    default void generationEnded(GenerationEnd end) {}

    @Override
    void completed(LensOutcome outcome);

    @Override
    void failed(Throwable failure);
}
