package dev.stratalens.engine.model;

import java.util.function.Supplier;

/** Sees a model being loaded, and lends it what it needs for that. An exception ends the loading. */
@FunctionalInterface
public interface WeightListener {

    /** Bytes of the weights that are read or mapped, of those in all. */
    void loaded(long doneBytes, long totalBytes);

    /** Told before the weights are mapped: bytes that they take in memory, mapped or copied. */
    default void needs(long bytes) {}

    /** Does work that times the machine; a process that computes other things meanwhile has it wait for its turn. */
    default <T> T inTurn(Supplier<T> work) {
        return work.get();
    }

    /** In which type the model will compute, and why. */
    default void chosen(ComputeChoice choice) {}
}
