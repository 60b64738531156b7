package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.ProgramChoice;

/**
 * Assignment of tokens to experts. Each expert has a score, the best k are chosen, and their outputs are added with
 * weights from their scores.
 *
 * @param chosen number of experts per token, k
 * @param scoring how the router's logits become scores and weights
 * @param normalized whether weights are divided by their sum
 * @param scale factor on the weights (routed scaling factor)
 * @param groups limit on the groups of a token's experts
 * @param rivalDistance for a sparse mixer: largest distance of a logit below the best, relative to the larger absolute
 *     value, to count beside it
 * @param sumFactor on the sum of the token's experts and the shared one
 * @param weighted what the weights of experts multiply
 */
public record Router(
        int chosen,
        Scoring scoring,
        boolean normalized,
        double scale,
        Groups groups,
        double rivalDistance,
        double sumFactor,
        Weighted weighted) {

    /** What the weight of an expert multiplies. */
    public enum Weighted implements ProgramChoice {
        /** What it returns. */
        OUTPUT,
        /** What it reads. */
        INPUT
    }

    /** Scores of the experts. */
    public enum Scoring implements ProgramChoice {
        /** Softmax over all experts. */
        SOFTMAX,
        /** Logits, with a softmax over the chosen ones. */
        SOFTMAX_OF_CHOSEN,
        /** A sigmoid of each logit. */
        SIGMOID,
        /** The square root of the softplus of each logit. */
        SQRT_SOFTPLUS,
        /** Logits, with a sigmoid of each chosen one. */
        SIGMOID_OF_CHOSEN,
        /** The best, one after another, each with its softmax over the remaining near ones. */
        SPARSE_MIXER
    }

    /**
     * Group-limited routing: the experts are split into groups, and only those of the best groups can be chosen.
     *
     * @param count number of groups; 1 for no limit
     * @param kept number of groups for the experts of a token
     * @param ranking number of a group's best scores that are added to rank it
     */
    public record Groups(int count, int kept, int ranking) {

        /** No limit. */
        public static final Groups ONE = new Groups(1, 1, 1);
    }

    /** For decoders without experts. */
    static final Router NONE = new Router(1, Scoring.SOFTMAX, false, 1, Groups.ONE, 0, 1, Weighted.OUTPUT);

    /** A router with the scores as weights, divided by their sum if {@code normalized}. */
    public static Router of(Scoring scoring, int chosen, boolean normalized) {
        return new Router(chosen, scoring, normalized, 1, Groups.ONE, 0, 1, Weighted.OUTPUT);
    }

    /** A sparse mixer. */
    public static Router sparseMixer(int chosen, double rivalDistance) {
        return new Router(chosen, Scoring.SPARSE_MIXER, false, 1, Groups.ONE, rivalDistance, 1, Weighted.OUTPUT);
    }

    public Router scaled(double factor) {
        return new Router(chosen, scoring, normalized, factor, groups, rivalDistance, sumFactor, weighted);
    }

    public Router limitedTo(Groups some) {
        return new Router(chosen, scoring, normalized, scale, some, rivalDistance, sumFactor, weighted);
    }

    /** Takes the mean of the token's experts and the shared one. */
    public Router averaged() {
        return new Router(chosen, scoring, normalized, scale, groups, rivalDistance, 0.5, weighted);
    }

    /** Multiplies what experts read by their weights. */
    public Router weighingInputs() {
        return new Router(chosen, scoring, normalized, scale, groups, rivalDistance, sumFactor, Weighted.INPUT);
    }
}
