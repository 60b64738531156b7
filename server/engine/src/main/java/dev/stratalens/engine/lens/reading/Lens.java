package dev.stratalens.engine.lens.reading;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;

/** A lens: turns residual rows into the rows before the unembedding. Not thread-safe. */
public interface Lens {

    /**
     * Neighboring rows of one read point.
     *
     * @param point their read point
     * @param first index of the first one
     * @param end index after the last one
     */
    record Group(ReadPoint point, int first, int end) {}

    /**
     * Applies the lens.
     *
     * @param step owner of the result
     * @param residual residual rows in the compute type, [r, d]
     * @param groups all rows, in order, by read point: a lens may have one map for each
     * @return rows before the unembedding, float32, [r, width of the unembedding]; the residual rows do not change
     */
    TorchTensor rows(TorchScope step, TorchTensor residual, List<Group> groups);
}
