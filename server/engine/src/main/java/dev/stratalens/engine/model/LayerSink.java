package dev.stratalens.engine.model;

import dev.stratalens.engine.tensor.TorchTensor;

/** Receives the residual stream of a forward pass, layer by layer. */
@FunctionalInterface
public interface LayerSink {

    /**
     * One layer.
     *
     * @param layer -1 before the first block, then the block's index
     * @param residual [tokens, d] in the compute type; valid during the call only
     * @param prompts the prompts of these tokens
     * @return the prompts to continue: the given ones, or fewer
     */
    PackedPrompts accept(int layer, TorchTensor residual, PackedPrompts prompts);
}
