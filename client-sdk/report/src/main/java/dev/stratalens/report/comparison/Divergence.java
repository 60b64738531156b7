package dev.stratalens.report.comparison;

/**
 * Lower bounds of the distance between two distributions over the next token, from the probabilities in two results.
 * Logarithms are natural.
 *
 * <p>A result holds the probabilities of some tokens only. Each number here is the smallest divergence of any two
 * distributions that agree with both results. It takes the tokens that both results know one by one. A token that only
 * one result knows is not among the top-k of the other. All other tokens form one class. The divergence of the whole
 * distributions is never smaller. The bound is at least the divergence of the distributions merged to the shared tokens
 * and one class for the rest, which is also a bound by the data-processing inequality (Csiszár, 1967). The bound is
 * exact if both results know every token that matters.
 *
 * <p>The bounds hold to the precision of the probabilities: for float32 to 0.000002 of total variation and 0.00005
 * nats, and to 0.000001 more for each token if trajectories are in millionths. Between vocabularies, tokens of equal
 * text count as the same token.
 *
 * @param totalVariation half the summed absolute difference, 0 .. 1: the largest difference in probability of any
 *     event. Symmetric
 * @param jensenShannon mean KL of both from their mean, nats, 0 .. ln 2. Symmetric
 * @param klFromA KL(A || B), nats, 0 or more
 * @param klFromB KL(B || A), nats, 0 or more
 * @param sharedA probability in A of the tokens that both results know, 0 .. 1
 * @param sharedB the same in B
 */
public record Divergence(
        double totalVariation, double jensenShannon, double klFromA, double klFromB, double sharedA, double sharedB) {

    /** One of the measures. */
    public enum Measure {
        /** See {@link Divergence#totalVariation()}. */
        TOTAL_VARIATION,
        /** See {@link Divergence#jensenShannon()}. */
        JENSEN_SHANNON,
        /** See {@link Divergence#klFromA()}. */
        KL_FROM_A,
        /** See {@link Divergence#klFromB()}. */
        KL_FROM_B
    }

    /** One of the numbers. */
    public double by(Measure measure) {
        return switch (measure) {
            case TOTAL_VARIATION -> totalVariation;
            case JENSEN_SHANNON -> jensenShannon;
            case KL_FROM_A -> klFromA;
            case KL_FROM_B -> klFromB;
        };
    }
}
