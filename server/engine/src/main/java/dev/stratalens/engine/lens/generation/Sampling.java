package dev.stratalens.engine.lens.generation;

/**
 * How tokens are drawn.
 *
 * @param temperature by which logits are divided, above 0
 * @param topK number of best tokens that are kept, 1 or more
 * @param topP sum of probabilities of the best tokens that are kept of these, above 0, at most 1
 * @param seed of the random numbers
 */
public record Sampling(double temperature, int topK, double topP, long seed) {

    /** Largest temperature that is accepted. */
    static final double MAX_TEMPERATURE = 100;
}
