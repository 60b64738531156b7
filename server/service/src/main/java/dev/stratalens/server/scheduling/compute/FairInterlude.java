package dev.stratalens.server.scheduling.compute;

import dev.stratalens.engine.lens.result.Interlude;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Lends the computing thread to short requests within a pass. After each loan the pass computes for at least as long as the
 * loan took, so that an endless stream of short requests takes no more than half of the time. Of one pass; not thread-safe.
 */
public final class FairInterlude implements Interlude {

    private final LongSupplier nanoTime;
    private final BooleanSupplier loan;
    private long resumed;
    private long lent;

    /** @param loan runs what is short and waits; false if there is nothing */
    public FairInterlude(LongSupplier nanoTime, BooleanSupplier loan) {
        this.nanoTime = nanoTime;
        this.loan = loan;
        this.resumed = nanoTime.getAsLong();
    }

    @Override
    public void take() {
        long now = nanoTime.getAsLong();
        if (now - resumed >= lent && loan.getAsBoolean()) {
            resumed = nanoTime.getAsLong();
            lent = resumed - now;
        }
    }
}
