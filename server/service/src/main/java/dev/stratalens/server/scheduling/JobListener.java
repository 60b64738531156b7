package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.models.ModelState;

/**
 * Follows one job: {@code (loading | queued)* [started] [failed]}, one of these at a time, from several threads. All but
 * {@link #started} must neither block nor throw.
 */
public interface JobListener {

    /** The model is being loaded. */
    void loading(ModelState.Loading progress);

    /** So many jobs of the same model come first; told when the job comes and whenever it gets less, down to 0. */
    void queued(int ahead);

    /**
     * Whether the results of a plan surely never have to wait for their reader: only then may the job be in a pass with
     * others, whom it would hold up. From any thread, with no order to the rest.
     */
    boolean neverWaits(LensPlan plan, ModelDescription model);

    /** The job runs now. An exception ends it with that failure. */
    JobResults started(JobStart start);

    /** The job was told to stop, at any time and from any thread: it must not be made to wait any more. */
    void stopping();

    /** The job ended without a complete result. */
    void failed(Throwable failure);
}
