package dev.stratalens.engine.model;

import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.tensor.Device;
import java.util.Map;
import java.util.function.Supplier;

/** Follows the loading of a model. An exception ends the loading. */
@FunctionalInterface
public interface WeightListener {

    /** Reports the read or mapped bytes of the weights, and their total. */
    void loaded(long doneBytes, long totalBytes);

    /** Reports where the parts will be, and the bytes of weights on each device. */
    default void placed(Placement placement, Map<Device, Long> weightBytes) {}

    /** Called before the weights are mapped, with their size in the memory of this machine, mapped or copied. */
    default void needs(long bytes) {}

    /** Runs a measurement of the machine. A process with other computations makes it wait for its turn. */
    default <T> T inTurn(Supplier<T> work) {
        return work.get();
    }

    /** Reports the compute type, and the reason. */
    default void chosen(ComputeChoice choice) {}
}
