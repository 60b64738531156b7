package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Weights by slot that no file holds: ones for norms without weights, slopes of alibi, computed vectors and positions. They live as long
 * as the weights of their store. Not thread-safe.
 */
public final class UnstoredWeights {

    private final Architecture architecture;
    private final WeightStore store;
    private final DataType computeType;
    private final Map<String, TorchTensor> everywhere = new HashMap<>();

    /** Makes those that all blocks share. */
    public UnstoredWeights(Architecture architecture, WeightStore store, DataType computeType) {
        this.architecture = architecture;
        this.store = store;
        this.computeType = computeType;
        Extents extents = architecture.extents();
        architecture.weights().unweightedNorms().stream()
                .filter(slot -> !slot.equals(Slot.FINAL_NORM))
                .forEach(slot -> everywhere.put(
                        Slot.weight(slot),
                        store.ones(Slot.isOfHeads(slot) ? extents.headSize() : extents.hidden(), computeType)));
        architecture
                .attention()
                .alibi()
                .ifPresent(alibi ->
                        everywhere.put("alibi_slopes", store.scope().floats(alibi.slopes(), alibi.slopes().length)));
    }

    /** Those of one block. */
    public Map<String, TorchTensor> ofBlock(int block) {
        var weights = new HashMap<>(everywhere);
        architecture.weights().computed().forEach((slot, ofBlock) -> {
            float[] values = ofBlock.apply(block);
            if (values.length > 0) {
                weights.put(slot, store.scope().floats(values, values.length));
            }
        });
        return weights;
    }

    /**
     * Those before the first block.
     *
     * @param program rounds computed positions, [context, d], to the compute type
     */
    public Map<String, TorchTensor> ofEmbedding(TorchProgram program) {
        var weights = new HashMap<>(everywhere);
        int positions = architecture.extents().context();
        int width = architecture.extents().hidden();
        architecture.sinusoids().ifPresent(some -> {
            try (TorchTensor exact = store.scope().floats(some.table(positions, width), positions, width)) {
                weights.put(
                        Slot.weight(Slot.POSITION_EMBEDDING),
                        program.tensor(store.scope(), "rounded", exact, TorchTypes.code(computeType)));
            }
        });
        return weights;
    }
}
