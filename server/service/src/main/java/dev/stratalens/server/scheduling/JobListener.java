package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.models.ModelState;

/**
 * Follows one job: {@code (loading | queued)* [started] [failed]}, one of these at a time, from several threads, and never
 * under a lock. None may block. What {@link #loading}, {@link #queued} and {@link #failed} throw is logged and changes nothing.
 */
public interface JobListener {

    /** Bytes that following a job takes while it runs, beside what the engine needs. Returns at once. */
    default long memoryNeed(LensPlan plan, ModelDescription model) {
        return 0;
    }

    /** The model is being loaded. */
    void loading(ModelState.Loading progress);

    /** So many jobs of the same model come first; told when the job comes and whenever it gets less, down to 0. */
    void queued(int ahead);

    /** The job runs now. An exception ends it with that failure. */
    JobResults started(JobStart start);

    /** The job ended without a complete result. */
    void failed(Throwable failure);
}
