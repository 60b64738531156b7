package dev.stratalens.server.scheduling;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A time that stands still until the test lets it pass. */
public final class ManualClock implements LongSupplier {

    private final AtomicLong nanos = new AtomicLong();

    /** Lets so many nanoseconds pass. */
    public void advance(long by) {
        nanos.addAndGet(by);
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }
}
