package dev.stratalens.engine.lens.generation;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A generation that fits a model.
 *
 * @param maxTokens largest number of tokens, 1 or more
 * @param sampling how tokens are drawn; empty for always the best one
 * @param forced tokens to begin with, at most {@code maxTokens}
 * @param stopTexts texts that end it; none is empty
 * @param endTokens tokens that end it
 */
public record GenerationPlan(
        int maxTokens,
        Optional<Sampling> sampling,
        List<Integer> forced,
        List<String> stopTexts,
        Set<Integer> endTokens) {

    /** Tokens of a generation that names no number. */
    public static final int DEFAULT_TOKENS = 64;
    /** Largest number of stop texts. */
    public static final int MAX_STOP_TEXTS = 16;
    /** Bytes of the longest stop text. */
    public static final int MAX_STOP_TEXT_BYTES = 1024;

    /** Copies the collections. */
    public GenerationPlan {
        forced = List.copyOf(forced);
        stopTexts = List.copyOf(stopTexts);
        endTokens = Set.copyOf(endTokens);
    }
}
