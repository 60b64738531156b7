package dev.stratalens.server.quota;

import dev.stratalens.server.access.Caller;

/** One prompt that its caller may send. It counts as in flight until this is closed, once or more. Thread-safe. */
public interface Admission extends AutoCloseable {

    Caller caller();

    /**
     * The prompt was read: its size is known.
     *
     * @throws dev.stratalens.server.error.QuotaExceededException if the caller may not use that much, or not now
     */
    void planned(long tokens, long cells);

    /** The model has written a token for the caller, beside those of the prompt. Never refused: it counts for what comes later. */
    void generated();

    @Override
    void close();

    /** Counts and limits nothing. */
    static Admission free(Caller caller) {
        return new Admission() {
            @Override
            public Caller caller() {
                return caller;
            }

            @Override
            public void planned(long tokens, long cells) {}

            @Override
            public void generated() {}

            @Override
            public void close() {}
        };
    }
}
