package dev.stratalens.server.model.architecture;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;

/**
 * A decoder as choices of the one generic block. Absent parts are absent weights: a feed-forward without a gate is not
 * gated, a model without position embeddings has none.
 *
 * <pre>
 * h = x + attention(attention_norm(x))
 * y = h + feed_forward(feed_forward_norm(h))
 * </pre>
 *
 * @param modelType family, {@code model_type} of the configuration
 * @param sizes extents
 * @param norm kind of every norm, the final one included
 * @param normEpsilon added to the variance or mean square
 * @param activation of the feed-forward
 * @param rotary rotary position embedding of queries and keys, if the family has one
 * @param attentionScale block index to the factor on query-key products
 * @param basePrefix prefix that stored names may or may not carry: {@code model.}
 * @param embedding weights before the first block, by slot
 * @param block weights of a block, by slot
 * @param head weights after the last block, by slot
 * @param ignored stored names, without prefix, that are known and not used
 */
public record Architecture(
        String modelType,
        Sizes sizes,
        NormKind norm,
        double normEpsilon,
        Activation activation,
        Optional<RopeParameters> rotary,
        IntToDoubleFunction attentionScale,
        String basePrefix,
        Map<String, WeightSource> embedding,
        IntFunction<Map<String, WeightSource>> block,
        Map<String, WeightSource> head,
        List<Pattern> ignored) {

    /** Slot of the token embedding, [V, d]. */
    public static final String TOKEN_EMBEDDING = "token_embedding.weight";

    /** Slot of the unembedding, [V, d]; where the file has none, the token embedding serves if the family ties them. */
    public static final String UNEMBEDDING = "unembedding.weight";

    /**
     * Extents of a decoder.
     *
     * @param blockCount L
     * @param hiddenSize width d of the residual stream
     * @param headCount query heads per block
     * @param headSize width of a head
     * @param feedForwardSize inner width of the feed-forward
     * @param vocabularySize rows V of the embedding
     * @param contextLength longest prompt, in tokens
     */
    public record Sizes(
            int blockCount,
            int hiddenSize,
            int headCount,
            int headSize,
            int feedForwardSize,
            int vocabularySize,
            int contextLength) {}

    /** Copies the collections. */
    public Architecture {
        embedding = Map.copyOf(embedding);
        head = Map.copyOf(head);
        ignored = List.copyOf(ignored);
    }
}
