package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.DataType;
import java.util.List;

/**
 * What the parts of a model take in memory, in bytes.
 *
 * @param embedding the token embedding and what comes before the first block
 * @param blocks each block
 * @param head the final norm and the unembedding
 * @param headBesideEmbedding the same on the device of the embedding, which may share the matrix
 * @param computeType the type of the weights in memory
 */
public record ModelSizes(long embedding, List<Long> blocks, long head, long headBesideEmbedding, DataType computeType) {

    /** Copies the blocks. */
    public ModelSizes {
        blocks = List.copyOf(blocks);
    }

    /** The largest block. */
    public long largestBlock() {
        return blocks.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Everything on one device. */
    public long total() {
        return embedding + blocks.stream().mapToLong(Long::longValue).sum() + headBesideEmbedding;
    }
}
