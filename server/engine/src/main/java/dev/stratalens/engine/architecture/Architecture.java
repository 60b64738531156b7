package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.stream.ResidualStreams;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;

/**
 * A decoder, described as choices of the generic block. An absent part is an absent weight ({@link Slot}).
 *
 * <pre>
 * sequential:  h = residual_norm(x + output_norm(mixer(norm(x))))
 *              y = residual_norm(h + output_norm(feed_forward(norm(h))))
 * parallel:    y = x + output_norm(mixer(norm(x))) + output_norm(feed_forward(norm(x)))
 * </pre>
 *
 * @param modelType family, {@code model_type} of the configuration
 * @param extents checked sizes; {@code inner} is that of the widest feed-forward or expert, {@code context} includes
 *     the scaling of the rotation
 * @param norm of every norm
 * @param streams the vectors of each token between blocks
 * @param residual how the branches join the stream
 * @param attention choices of the attention
 * @param mixer attention, or what a block has in its place
 * @param activation of the feed-forward
 * @param gatedUnit how gate and up meet in the feed-forward
 * @param router for the blocks with a mixture of experts
 * @param embeddingMultiplier factor on the token embedding, rounded to the compute type
 * @param embeddedToken the token whose embedding a token of a prompt has
 * @param carried largest number of columns that a row carries beside its first stream, for further streams and for later blocks
 * @param sinusoids computed positions that are added to the token embedding, if the family has them
 * @param head operations after the product with the unembedding
 * @param weights the place of every weight
 */
public record Architecture(
        String modelType,
        Extents extents,
        Norm norm,
        ResidualStreams streams,
        Residual residual,
        Attention attention,
        IntFunction<Mixer> mixer,
        Activation activation,
        GatedUnit gatedUnit,
        Router router,
        double embeddingMultiplier,
        IntUnaryOperator embeddedToken,
        int carried,
        Optional<Sinusoids> sinusoids,
        HeadForm head,
        Weights weights) {

    /**
     * The place of every weight. A slot is a part's name with {@code .weight} or {@code .bias}; if several tensors fill
     * it, {@code /0}, {@code /1} ... follow.
     *
     * @param prefixes optional prefixes of stored names, longest first: {@code model.}
     * @param embedding weights before the first block, by slot
     * @param block weights of a block, by slot
     * @param head weights after the last block, by slot
     * @param computed vectors of each block that files do not hold, by slot
     * @param unweightedNorms norms without a stored weight, by slot
     * @param ignored stored names, without prefix, that are known but not used
     */
    public record Weights(
            List<String> prefixes,
            Map<String, WeightSource> embedding,
            IntFunction<Map<String, WeightSource>> block,
            Map<String, WeightSource> head,
            Map<String, IntFunction<float[]>> computed,
            Set<String> unweightedNorms,
            List<Pattern> ignored) {

        /** Copies the collections. */
        public Weights {
            prefixes = List.copyOf(prefixes);
            embedding = Map.copyOf(embedding);
            head = Map.copyOf(head);
            computed = Map.copyOf(computed);
            unweightedNorms = Set.copyOf(unweightedNorms);
            ignored = List.copyOf(ignored);
        }
    }
}
