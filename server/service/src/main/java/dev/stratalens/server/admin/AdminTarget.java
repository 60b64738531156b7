package dev.stratalens.server.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** The server that an operator looks at. */
public interface AdminTarget {

    /** Whether it can go on; if not, it should be started anew. */
    boolean isLive();

    /** Whether requests should come now. */
    boolean isReady();

    /** The time that running calls have to finish unless a drain says otherwise. */
    Duration gracePeriod();

    /** Stops the server; returns when it has stopped. */
    void drain(Duration deadline);

    String metricsType();

    void writeMetrics(OutputStream out) throws IOException;
}
