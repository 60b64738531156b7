package dev.stratalens.engine.architecture;

/**
 * How a mixture shares tokens out: each expert has a score, the best k are chosen, and their outputs are added with weights
 * made of their scores.
 *
 * @param chosen experts of a token, k
 * @param scoring what makes scores and weights of the router's logits
 * @param normalized whether weights are divided by their sum
 * @param scale factor on the weights (routed scaling factor)
 * @param groups limit on where a token's experts may lie
 * @param rivalDistance of a sparse mixer: how far below the best, as a share of the larger one's size, a logit may be to
 *     count beside it
 */
public record Router(
        int chosen, Scoring scoring, boolean normalized, double scale, Groups groups, double rivalDistance) {

    /** Scores of the experts. */
    public enum Scoring implements ProgramChoice {
        /** Softmax over all experts. */
        SOFTMAX,
        /** Logits, and of those chosen a softmax. */
        SOFTMAX_OF_CHOSEN,
        /** Each by itself. */
        SIGMOID,
        /** The best one after another, each with its softmax among those left that come near it. */
        SPARSE_MIXER
    }

    /**
     * Group-limited routing: the experts are split into groups, and only those of the best groups can be chosen.
     *
     * @param count groups; 1 for no limit
     * @param kept groups that a token's experts may lie in
     * @param ranking how many of a group's best scores are added to rank it
     */
    public record Groups(int count, int kept, int ranking) {

        /** No limit. */
        public static final Groups ONE = new Groups(1, 1, 1);
    }

    /** Of decoders without experts. */
    static final Router NONE = new Router(1, Scoring.SOFTMAX, false, 1, Groups.ONE, 0);

    /** Weights are the scores, divided by their sum where that is asked for. */
    public static Router of(Scoring scoring, int chosen, boolean normalized) {
        return new Router(chosen, scoring, normalized, 1, Groups.ONE, 0);
    }

    /** A sparse mixer. */
    public static Router sparseMixer(int chosen, double rivalDistance) {
        return new Router(chosen, Scoring.SPARSE_MIXER, false, 1, Groups.ONE, rivalDistance);
    }

    public Router scaled(double factor) {
        return new Router(chosen, scoring, normalized, factor, groups, rivalDistance);
    }

    public Router limitedTo(Groups some) {
        return new Router(chosen, scoring, normalized, scale, some, rivalDistance);
    }
}
