package dev.stratalens.engine.lens.generation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A generation as the caller asks for it, not checked.
 *
 * @param maxTokens largest number of tokens; empty for {@link GenerationPlan#DEFAULT_TOKENS}, or as many as fit
 * @param sampling how tokens are drawn; empty for always the best one
 * @param forced tokens to begin with
 * @param stopTexts texts that end it
 * @param endTokens whether tokens that end a text end it
 */
public record RequestedGeneration(
        OptionalInt maxTokens,
        Optional<RequestedSampling> sampling,
        List<Integer> forced,
        List<String> stopTexts,
        EndTokenRule endTokens) {

    /** Copies the lists. */
    public RequestedGeneration {
        forced = List.copyOf(forced);
        stopTexts = List.copyOf(stopTexts);
    }

    /** What a token that ends a text does. */
    public enum EndTokenRule {
        /** It ends the generation. */
        STOP,
        /** It is a token like any other. */
        GO_ON
    }

    /** How tokens are drawn; empty for the defaults of {@link Sampling}. */
    public record RequestedSampling(
            OptionalDouble temperature, OptionalInt topK, OptionalDouble topP, OptionalLong seed) {}
}
