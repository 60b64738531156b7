package dev.stratalens.server.scheduler;

import dev.stratalens.server.lens.LensListener;
import dev.stratalens.server.lens.LensOutcome;

/** Receives the results of a job that runs, on the computing thread. An exception ends the job with that failure. */
public interface JobResults extends LensListener {

    /** The job is done; all results were handed over. */
    void completed(LensOutcome outcome);
}
