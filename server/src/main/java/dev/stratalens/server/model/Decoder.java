package dev.stratalens.server.model;

import dev.stratalens.server.model.architecture.Architecture;
import dev.stratalens.server.model.architecture.RotaryFrequencies;
import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.model.torch.TorchProgram;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import dev.stratalens.server.model.torch.TorchTensorMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The forward pass up to the last block: one generic block, run with each block's weights. Several prompts may be packed
 * along the token axis; attention stays within each. Not thread-safe; freed with its model.
 */
public final class Decoder {

    private final Architecture architecture;
    private final DataType computeType;
    private final TorchProgram program;
    private final RotaryTables rotary;
    private final TorchTensorMap embedding;
    private final List<TorchTensorMap> blocks = new ArrayList<>();

    Decoder(
            Architecture architecture,
            WeightPlan plan,
            WeightStore store,
            DataType computeType,
            LoadListener listener,
            OwnedResources owned) {
        this.architecture = architecture;
        this.computeType = computeType;
        this.program = owned.own(TorchProgram.compile(
                "decoder",
                Map.of(
                        "norm_kind", architecture.norm().programName(),
                        "norm_epsilon", architecture.normEpsilon(),
                        "activation", architecture.activation().programName(),
                        "head_size", (long) architecture.sizes().headSize(),
                        "rotary", architecture.rotary().isPresent())));
        this.rotary = new RotaryTables(
                architecture
                        .rotary()
                        .map(rope ->
                                new RotaryFrequencies(rope, architecture.sizes().headSize())),
                program,
                store.scope(),
                TorchTypes.code(computeType));
        this.embedding = owned.own(TorchProgram.map(store.load(plan.embedding(), computeType)));
        for (Map<String, PlacedWeight> block : plan.blocks()) {
            blocks.add(owned.own(TorchProgram.map(store.load(block, computeType))));
            listener.loaded(blocks.size(), plan.blocks().size());
        }
    }

    /** Type of the residual stream. */
    public DataType computeType() {
        return computeType;
    }

    /** A scope for one request's tensors. */
    public TorchScope requestScope() {
        return program.scope();
    }

    /**
     * Runs the blocks.
     *
     * @param tokenIds prompts one after another
     * @param lengths tokens of each prompt
     * @param sink sees the residual stream before the first block and after each
     */
    public void forward(int[] tokenIds, int[] lengths, LayerSink sink) {
        long[] lengthList = toLongs(lengths);
        for (int length : lengths) {
            rotary.reserve(length);
        }
        try (TorchScope scope = program.scope()) {
            TorchTensor residual = program.tensor(
                    scope, "embed", scope.longs(toLongs(tokenIds), tokenIds.length), embedding, lengthList);
            sink.accept(-1, residual);
            for (int block = 0; block < blocks.size(); block++) {
                try (TorchTensor before = residual) {
                    residual = program.tensor(
                            scope,
                            "block",
                            before,
                            blocks.get(block),
                            rotary.cosines(),
                            rotary.sines(),
                            architecture.attentionScale().applyAsDouble(block),
                            lengthList);
                }
                sink.accept(block, residual);
            }
        }
    }

    /** Room for rows of the residual stream, [rows, d] in the compute type. */
    public TorchTensor rowStore(TorchScope scope, int rows) {
        return program.tensor(
                scope,
                "empty_rows",
                (long) rows,
                (long) architecture.sizes().hiddenSize(),
                TorchTypes.code(computeType));
    }

    /**
     * Copies rows of the residual stream to a store.
     *
     * @param positions int64 indexes of the rows to keep, [p]
     * @param first row of the store that the first one goes to
     */
    public void keepRows(TorchTensor residual, TorchTensor positions, TorchTensor store, int first) {
        program.execute("keep_rows", residual, positions, store, first);
    }

    private static long[] toLongs(int[] values) {
        var longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }
}
