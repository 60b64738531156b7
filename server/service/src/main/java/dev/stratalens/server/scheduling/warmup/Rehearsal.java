package dev.stratalens.server.scheduling.warmup;

/** Calls that a server makes to itself, so that its first callers find compiled what their calls run through. Used by one thread. */
public interface Rehearsal extends AutoCloseable {

    /** No calls. */
    Rehearsal NONE = new Rehearsal() {
        @Override
        public boolean isOver() {
            return true;
        }

        @Override
        public void call() {}

        @Override
        public void close() {}
    };

    /** Whether there were calls enough. */
    boolean isOver();

    /** Makes one call. */
    void call();

    /** Lets go of what calls need. Another call gets it again. */
    @Override
    void close();
}
