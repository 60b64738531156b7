package dev.stratalens.server.registry;

/** Follows the loading of one model. */
@FunctionalInterface
public interface LoadListener {

    /** Tensors read so far; the total is 0 while unknown. */
    void loaded(int done, int total);

    /** Bytes of the model's files that came over the network, before any tensor is read. */
    default void downloaded(long done, long total) {}
}
