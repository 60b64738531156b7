package dev.stratalens.server.watch;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how many lines about requests were lost since it last said so. */
public final class LossLog {

    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

    private final LongSupplier lost;
    private long told;

    /** Makes one for a count that grows. */
    public LossLog(LongSupplier lost) {
        this.lost = lost;
    }

    public synchronized void look() {
        long now = lost.getAsLong();
        if (now > told) {
            LOG.error("{} lines about requests were lost: a disk is full, broken or too slow.", now - told);
            told = now;
        }
    }
}
