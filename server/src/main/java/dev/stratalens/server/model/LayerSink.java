package dev.stratalens.server.model;

import dev.stratalens.server.model.torch.TorchTensor;

/** Sees the residual stream as it leaves each block. */
@FunctionalInterface
public interface LayerSink {

    /**
     * Called in ascending order; an exception ends the forward pass.
     *
     * @param layer -1 for what enters the first block, else the block that was run
     * @param residual [tokens, d] in the compute type; valid during the call
     */
    void accept(int layer, TorchTensor residual);
}
