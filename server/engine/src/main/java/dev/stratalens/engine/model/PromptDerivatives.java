package dev.stratalens.engine.model;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The residual stream of one prompt after each block, and Jacobians of its end with respect to each layer. Needs the memory of one
 * block's activations, and of two sets of cotangents. Not thread-safe.
 */
public final class PromptDerivatives implements AutoCloseable {

    /** Receives rows of Jacobians. */
    @FunctionalInterface
    public interface JacobianRows {

        /**
         * Some rows of a layer's matrix.
         *
         * @param layer block whose output the derivatives are with respect to
         * @param rows float32, [rows, d], on the device of the block after it; valid during the call only
         */
        void accept(int layer, TorchTensor rows);
    }

    /**
     * Positions of a prompt.
     *
     * @param start the first one
     * @param end after the last one
     */
    public record Span(int start, int end) {}

    private final BlockDerivatives blocks;
    private final PackedPrompts prompt;
    private final Map<DecoderStage, TorchScope> scopes = new HashMap<>();
    private final Map<DecoderStage, Map<RopeParameters, Rotation>> rotations = new HashMap<>();
    /** By block: what enters it, on its device. The last one is what leaves the last block. */
    private final List<TorchTensor> entering = new ArrayList<>();

    PromptDerivatives(BlockDerivatives blocks, Decoder decoder, int[] tokenIds) {
        this.blocks = blocks;
        this.prompt = PackedPrompts.of(tokenIds);
        try {
            decoder.forward(prompt, (layer, residual, packed) -> {
                int block = Math.min(layer + 1, blocks.blockCount() - 1);
                entering.add(scope(blocks.stage(block)).copyOf(residual));
                return packed;
            });
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private TorchScope scope(DecoderStage stage) {
        return scopes.computeIfAbsent(stage, each -> each.program().scope());
    }

    private Map<RopeParameters, Rotation> rotations(DecoderStage stage) {
        return rotations.computeIfAbsent(stage, each -> each.rotations(scope(each), prompt, new int[1]));
    }

    /**
     * Rows of the Jacobian of the stream after the last block with respect to the output of each earlier block: the sum over target
     * positions, at or after the source, and the mean over source positions. From the last layer to the first.
     *
     * @param first row of the matrix: a number of the final stream
     * @param count rows
     * @param positions both targets and sources
     */
    public void jacobians(int first, int count, Span positions, JacobianRows sink) {
        int block = blocks.blockCount() - 1;
        DecoderStage stage = blocks.stage(block);
        TorchScope scope = stage.program().scope();
        try {
            TorchTensor cotangents = blocks.program(block)
                    .tensor(
                            scope,
                            "unit_cotangents",
                            entering.get(block + 1),
                            first,
                            count,
                            positions.start(),
                            positions.end());
            while (block > 0) {
                TorchProgram program = blocks.program(block);
                try (TorchTensor after = cotangents) {
                    cotangents = stage.pullBack(block, scope, program, entering.get(block), after, rotations(stage));
                }
                try (TorchTensor rows =
                        program.tensor(scope, "mean_product", cotangents, positions.start(), positions.end())) {
                    sink.accept(block - 1, rows);
                }
                block--;
                if (blocks.stage(block) != stage) {
                    stage = blocks.stage(block);
                    TorchScope left = scope;
                    scope = stage.program().scope();
                    cotangents = scope.copyOf(cotangents);
                    left.close();
                }
            }
        } finally {
            scope.close();
        }
    }

    @Override
    public void close() {
        scopes.values().forEach(TorchScope::close);
    }
}
