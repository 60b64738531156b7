package dev.stratalens.report.figure;

/** What colours the cells of a heat map of the best tokens. */
public enum ColorMode {
    /** Probability of the best token. */
    PROBABILITY,
    /** Probability of a target. */
    TARGET,
    /** Rank of a target, on a logarithmic scale. */
    RANK,
    /** Entropy of the cell. */
    ENTROPY,
    /** KL from the cell to the model's own output. */
    KL,
    /** KL from the cell to the next asked layer. */
    KL_NEXT,
    /** Logit of the best token. */
    LOGIT,
    /** Whether the best token is the model's own. */
    AGREEMENT;

    /** Whether a target says what is coloured. */
    public boolean needsTarget() {
        return this == TARGET || this == RANK;
    }
}
