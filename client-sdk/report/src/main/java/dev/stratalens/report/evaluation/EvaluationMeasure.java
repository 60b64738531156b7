package dev.stratalens.report.evaluation;

import java.util.List;

/**
 * What is measured of a lens at a layer, as a ratio of totals.
 *
 * @param key name in files and on command lines, lower case with hyphens
 * @param title name for people, with the unit
 * @param kind how the number reads
 */
public record EvaluationMeasure(String key, String title, Kind kind) {

    /** How a number reads. */
    public enum Kind {
        /** Nats or bits, 0 or more. */
        AMOUNT,
        /** A share, 0 .. 1. */
        SHARE,
        /** Decimal logarithm of a rank: its mean is the logarithm of the geometric mean rank. */
        LOG_RANK
    }

    /** -ln p of the text's next token, for each token that has one before it. */
    public static final EvaluationMeasure CROSS_ENTROPY =
            amount("cross-entropy", "Cross-entropy of the next token (nats per token)");

    /** The same in bits, for each byte of these tokens. */
    public static final EvaluationMeasure CROSS_ENTROPY_BITS =
            amount("cross-entropy-bits", "Cross-entropy of the next token (bits per byte)");

    /** KL(model's output || lens) at every token. */
    public static final EvaluationMeasure KL = amount("kl-from-final", "KL from final (nats per token)");

    /** The same in bits, for each byte. */
    public static final EvaluationMeasure KL_BITS = amount("kl-from-final-bits", "KL from final (bits per byte)");

    /** Entropy at every token. */
    public static final EvaluationMeasure ENTROPY = amount("entropy", "Entropy (nats per token)");

    /** The same in bits, for each byte. */
    public static final EvaluationMeasure ENTROPY_BITS = amount("entropy-bits", "Entropy (bits per byte)");

    /** How often the best token is the model's own. */
    public static final EvaluationMeasure AGREEMENT =
            new EvaluationMeasure("agreement", "Agreement with the final best token", Kind.SHARE);

    /** Rank of a word that should appear. */
    public static final EvaluationMeasure RANK =
            new EvaluationMeasure("rank", "Rank of the words, geometric mean", Kind.LOG_RANK);

    /** What is measured on a corpus. */
    public static final List<EvaluationMeasure> OF_CORPUS =
            List.of(CROSS_ENTROPY, CROSS_ENTROPY_BITS, KL, KL_BITS, ENTROPY, ENTROPY_BITS, AGREEMENT);

    /** How often a word that should appear is among the k best tokens. */
    public static EvaluationMeasure passAt(int k) {
        return new EvaluationMeasure("pass@" + k, "Words among the %d best tokens".formatted(k), Kind.SHARE);
    }

    private static EvaluationMeasure amount(String key, String title) {
        return new EvaluationMeasure(key, title, Kind.AMOUNT);
    }
}
