package dev.stratalens.spark;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line in the log of each executor, now and then: how many texts its tasks have answered. Thread-safe. */
final class LensProgress {

    private static final Logger LOG = LoggerFactory.getLogger(LensProgress.class);
    private static final long NANOS_BETWEEN = TimeUnit.SECONDS.toNanos(10);
    private static final LensProgress OF_THIS_PROCESS = new LensProgress();

    private long texts;
    private long saidTexts;
    private long saidAt = System.nanoTime();

    private LensProgress() {}

    static void answered() {
        OF_THIS_PROCESS.count();
    }

    private synchronized void count() {
        texts++;
        long passed = System.nanoTime() - saidAt;
        if (passed >= NANOS_BETWEEN) {
            LOG.info(
                    "{} texts answered in this executor, {} a second of late",
                    texts,
                    (texts - saidTexts) * TimeUnit.SECONDS.toNanos(1) / passed);
            saidTexts = texts;
            saidAt += passed;
        }
    }
}
