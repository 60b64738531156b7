package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * What the parts of a model take in memory, in bytes.
 *
 * @param embedding the token embedding and what comes before the first block
 * @param blocks each block
 * @param head the final norm and the unembedding
 * @param headBesideEmbedding the same on the device of the embedding, which may share the matrix
 * @param computeType the type of the weights in memory
 * @param packed the blocks with their quantized weights packed; empty if that takes no less
 */
public record ModelSizes(
        long embedding,
        List<Long> blocks,
        long head,
        long headBesideEmbedding,
        DataType computeType,
        Optional<Packed> packed) {

    /**
     * Blocks that stay packed on a device.
     *
     * @param blocks each block
     * @param unpacked the largest block while it is used, on each device
     */
    public record Packed(List<Long> blocks, long unpacked) {

        /** Copies the blocks. */
        public Packed {
            blocks = List.copyOf(blocks);
        }
    }

    /** A model without quantized weights. */
    public ModelSizes(long embedding, List<Long> blocks, long head, long headBesideEmbedding, DataType computeType) {
        this(embedding, blocks, head, headBesideEmbedding, computeType, Optional.empty());
    }

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

    /** With as much more in each block. */
    public ModelSizes with(IntToLongFunction moreOfBlock) {
        return new ModelSizes(
                embedding,
                added(blocks, moreOfBlock),
                head,
                headBesideEmbedding,
                computeType,
                packed.map(some -> new Packed(added(some.blocks, moreOfBlock), some.unpacked)));
    }

    /** With the blocks packed; without {@link Packed#unpacked}. */
    ModelSizes inPackedForm(Packed some) {
        return new ModelSizes(embedding, some.blocks, head, headBesideEmbedding, computeType);
    }

    private static List<Long> added(List<Long> blocks, IntToLongFunction more) {
        return IntStream.range(0, blocks.size())
                .mapToObj(block -> blocks.get(block) + more.applyAsLong(block))
                .toList();
    }
}
