package dev.stratalens.report.comparison;

/**
 * How far apart two distributions over the next token are at least, as far as two results know them; natural logarithms.
 *
 * <p>A result holds the probabilities of some tokens only. Each number here is the least that any two distributions have
 * which agree with everything that is known: the tokens that both results know at the cell one by one, those that only one
 * of them knows, of which the other says at most that they are not among its top-k, and all the rest. Whatever the unknown
 * parts are, the divergence of the whole distributions is this much or more. It is never less than that of the distributions
 * coarsened to the tokens that both know and one class for everything else, which by the data-processing inequality
 * (Csiszár, 1967) is such a bound, too. Equality holds where both know every token that matters.
 *
 * <p>The bounds hold to the precision of the probabilities: for float32 to 0.000002 of total variation and 0.00005 nats,
 * and to 0.000001 more for each token where trajectories are in millionths. Between vocabularies, tokens of equal text are taken to be the same token.
 *
 * @param totalVariation half the summed absolute difference, 0 .. 1: the largest difference in probability that any event
 *     has. Symmetric
 * @param jensenShannon mean KL of both from their mean, nats, 0 .. ln 2. Symmetric
 * @param klFromA KL(A || B), nats, 0 or more
 * @param klFromB KL(B || A), nats, 0 or more
 * @param sharedA probability that A gives to the tokens that both know, 0 .. 1: how much was seen
 * @param sharedB the same of B
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
