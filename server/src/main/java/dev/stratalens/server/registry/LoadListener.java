package dev.stratalens.server.registry;

/** Follows the loading of one model. */
@FunctionalInterface
public interface LoadListener {

    /** Tensors read so far; the total is 0 while unknown. */
    void loaded(int done, int total);
}
