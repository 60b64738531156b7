package dev.stratalens.server.models;

import dev.stratalens.engine.lens.LensEngine;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps a model in memory as long as a request needs it: its engine is not closed before this is. Thread-safe. */
public final class Lease implements AutoCloseable {

    private final LensEngine engine;
    private final Runnable end;
    private final AtomicBoolean ended = new AtomicBoolean();

    Lease(LensEngine engine, Runnable end) {
        this.engine = engine;
        this.end = end;
    }

    /** The engine; not to be used any more once the lease has ended. */
    public LensEngine engine() {
        return engine;
    }

    /** Ends the lease; does nothing the second time. */
    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            end.run();
        }
    }
}
