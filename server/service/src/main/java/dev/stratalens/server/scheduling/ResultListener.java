package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;

/** Receives the results of a request that runs, on the computing thread. An exception ends the request with that failure. */
public interface ResultListener extends LensListener {

    /** The pass stands still, as others compute within it; told again at each of their steps. */
    void othersCompute();

    /** The request is done; all results were handed over. */
    void completed(LensOutcome outcome);
}
