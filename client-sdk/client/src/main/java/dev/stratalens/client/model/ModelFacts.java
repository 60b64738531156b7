package dev.stratalens.client.model;

import dev.stratalens.client.LensClient;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What is known of a model that is ready.
 *
 * @param info what results repeat
 * @param contextLength longest prompt, in tokens
 * @param parameterCount parameters in the checkpoint
 * @param placements where its blocks lie, in order of depth
 * @param finalNorm norm before the unembedding
 * @param tiedHead whether the unembedding is the embedding matrix
 * @param logitScale factor on the logits, where the family has one
 * @param headBias whether the unembedding has a bias
 * @param logitSoftcap c of {@code c * tanh(logits / c)}, where the family has one
 * @param hasChatTemplate whether the model has a template for chats; see {@link LensClient#renderChat}
 * @param computeTypeReason how the format of the arithmetic was chosen, in words; empty where the operator set it
 */
public record ModelFacts(
        ModelInfo info,
        int contextLength,
        long parameterCount,
        List<Placement> placements,
        FinalNorm finalNorm,
        boolean tiedHead,
        OptionalDouble logitScale,
        boolean headBias,
        OptionalDouble logitSoftcap,
        boolean hasChatTemplate,
        Optional<String> computeTypeReason) {

    /** Kinds of the norm before the unembedding. */
    public enum FinalNorm {
        /** The family has none. */
        NONE,
        /** LayerNorm. */
        LAYER_NORM,
        /** RMSNorm. */
        RMS_NORM
    }

    /** Copies the list. */
    public ModelFacts {
        placements = List.copyOf(placements);
    }

    /** The devices that compute, each once, in order of depth, separated by commas. */
    public String device() {
        return placements.stream().map(Placement::device).distinct().collect(Collectors.joining(", "));
    }
}
