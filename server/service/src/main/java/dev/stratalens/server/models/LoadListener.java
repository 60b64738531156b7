package dev.stratalens.server.models;

/** Follows the loading of one model. */
@FunctionalInterface
public interface LoadListener {

    /** Blocks read so far; the total is 0 while unknown. */
    void loaded(int done, int total);

    /** Bytes of the model's files that came over the network, before any tensor is read. */
    default void downloaded(long done, long total) {}

    /**
     * Told before memory is taken.
     *
     * @param bytes of the weights in memory
     * @throws dev.stratalens.server.error.ModelMemoryException if there is no room for them
     */
    default void needs(long bytes) {}
}
