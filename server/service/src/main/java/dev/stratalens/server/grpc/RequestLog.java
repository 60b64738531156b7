package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.grpc.status.Excerpt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line of the log for each request that ends. */
enum RequestLog {
    KEPT,
    /** For calls that the server makes to itself. */
    NONE;

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final int LOGGED_BYTES = 500;

    void completed(String id, LensOutcome outcome) {
        if (this == KEPT) {
            LOG.info(
                    "analyze {} done: forward {} ms, lens {} ms",
                    forLog('"' + id + '"'),
                    outcome.forward().toMillis(),
                    outcome.lens().toMillis());
        }
    }

    void canceled(String id) {
        if (this == KEPT) {
            LOG.info("analyze {} canceled", forLog('"' + id + '"'));
        }
    }

    void failed(String id, Throwable failure) {
        if (this == KEPT) {
            LOG.info("analyze {} failed: {}", forLog('"' + id + '"'), forLog(failure.toString()));
        }
    }

    /** A caller must not be able to fill the log, nor to write lines of its own into it. */
    private static String forLog(String text) {
        return Excerpt.of(text, LOGGED_BYTES).replaceAll("\\p{Cntrl}", "?");
    }
}
