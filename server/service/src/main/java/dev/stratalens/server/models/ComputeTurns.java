package dev.stratalens.server.models;

import java.util.function.Supplier;

/** Turns of the thread that owns the cores. What is timed outside of them is timed beside the passes of other models. */
public interface ComputeTurns {

    /** For a process in which nothing else computes: the work is done at once, by the caller. */
    ComputeTurns NOBODY_ELSE = new ComputeTurns() {
        @Override
        public <T> T take(Supplier<T> work) {
            return work.get();
        }
    };

    /**
     * Waits for a turn and does the work in it, when nothing else computes.
     *
     * @return its result; what it throws is thrown
     * @throws dev.stratalens.server.error.ServerStoppingException if no turns are given any more, or the caller is interrupted
     */
    <T> T take(Supplier<T> work);
}
