package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.MapForm;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A fit of one kind: what it knows, and its next step. It goes on from the tensors of its state and its counters alone, to the same
 * bits.
 */
interface OngoingFit extends AutoCloseable {

    /** A tensor of the state with its shape; float32, on the device of the head. */
    record Part(TorchTensor tensor, long[] shape) {}

    /**
     * A map as it is now.
     *
     * @param matrix float32, [d, d]
     * @param bias float32, [1, d]; of zeros for a form without
     */
    record CurrentMap(TorchTensor matrix, TorchTensor bias) {}

    /** Does the next step. */
    void step();

    boolean isDone();

    FitProgress progress();

    /** Sequences that it has used, counting repetitions. */
    long usedSequences();

    /** Tensors that a checkpoint keeps, by name. */
    SortedMap<String, Part> state();

    /** Numbers that a checkpoint keeps, as texts. */
    Map<String, String> counters();

    /** Sets a tensor of {@link #state()}. */
    void set(Part part, float[] numbers);

    /** Takes the numbers of a checkpoint; its tensors have been copied into those of {@link #state()}. */
    void resume(Map<String, String> counters);

    MapForm form();

    /** Whether the maps have biases. */
    boolean isBiased();

    /** Read points in order of depth. */
    List<ReadPoint> points();

    /** The map at a read point. */
    CurrentMap map(TorchScope scope, ReadPoint point);

    @Override
    void close();
}
