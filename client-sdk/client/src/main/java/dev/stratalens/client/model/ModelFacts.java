package dev.stratalens.client.model;

import dev.stratalens.client.LensClient;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What is known of a model that is ready.
 *
 * @param info what results repeat
 * @param contextLength longest prompt, in tokens
 * @param parameterCount parameters in the checkpoint
 * @param device where it computes: {@code "cpu"}, {@code "cuda:0"}
 * @param finalNorm norm before the unembedding
 * @param tiedHead whether the unembedding is the embedding matrix
 * @param logitScale factor on the logits; 1 where the family has none
 * @param headBias whether the unembedding has a bias
 * @param logitSoftcap c of {@code c * tanh(logits / c)}, where the family has one
 * @param hasChatTemplate whether the model has a template for chats; see {@link LensClient#renderChat}
 */
public record ModelFacts(
        ModelInfo info,
        int contextLength,
        long parameterCount,
        String device,
        FinalNorm finalNorm,
        boolean tiedHead,
        double logitScale,
        boolean headBias,
        OptionalDouble logitSoftcap,
        boolean hasChatTemplate) {

    /** Kinds of the norm before the unembedding. */
    public enum FinalNorm {
        /** The family has none. */
        NONE,
        /** LayerNorm. */
        LAYER_NORM,
        /** RMSNorm. */
        RMS_NORM
    }

    /** Checks that nothing is missing. */
    public ModelFacts {
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(finalNorm, "finalNorm");
        Objects.requireNonNull(logitSoftcap, "logitSoftcap");
    }
}
