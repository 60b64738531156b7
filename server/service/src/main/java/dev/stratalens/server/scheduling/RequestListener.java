package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.models.ServingState;

/**
 * Follows one request: {@code (loading | queued)* [started] [failed]}, one of these at a time, from several threads, and never
 * under a lock. None may block. What {@link #loading}, {@link #queued} and {@link #failed} throw is logged and changes nothing.
 */
public interface RequestListener {

    /** Bytes that following a request takes while it runs, beside what the engine needs. Returns at once. */
    default long memoryNeed(LensPlan plan, ModelDescription model) {
        return 0;
    }

    /** The model is being loaded. */
    void loading(ServingState.Loading progress);

    /** So many requests of the same model come first; told when the request comes and whenever it gets less, down to 0. */
    void queued(int ahead);

    /** The request runs now. An exception ends it with that failure. */
    ResultListener started(RequestStart start);

    /** The request ended without a complete result. */
    void failed(Throwable failure);
}
