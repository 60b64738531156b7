package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import java.time.Duration;

/**
 * What is known when a request begins to run.
 *
 * @param engine computes it; its descriptions may be read until the request has ended
 * @param request what is computed
 * @param reservedBytes memory that was granted
 * @param queued time between submission and start
 */
public record RequestStart(LensEngine engine, PlannedRequest request, long reservedBytes, Duration queued) {

    /** The same for the pass without interventions. */
    public RequestStart unchanged() {
        var unchanged = new PlannedRequest(request.plan().unchanged(), request.prompt(), request.renderedPrompt());
        return new RequestStart(engine, unchanged, reservedBytes, queued);
    }
}
