package dev.stratalens.engine.model;

import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Set;

/** Receives the residual stream of a forward pass, layer by layer, and rows inside blocks if it asks for them. */
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

    /** The sites inside a block that {@link #site} gets, of those that the block has. With none, the block runs as it is. */
    default Set<Site> sites(int block) {
        return Set.of();
    }

    /**
     * Rows of a site inside a block, before the layer of the block.
     *
     * @param rows [tokens, d], or of attention heads [tokens, heads * size], in the compute type; valid during the call only
     */
    default void site(int block, Site site, TorchTensor rows, PackedPrompts prompts) {}
}
