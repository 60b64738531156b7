package dev.stratalens.engine.lens.request;

/** A number of every cell, computed on request: a column. All are in nats. */
public enum Statistic {
    /** ln sum exp of the logits. */
    LOG_SUM_EXP,
    /** Entropy. */
    ENTROPY,
    /** KL(model's own output || cell). */
    KL_FROM_FINAL,
    /** KL(next requested read point of the same lens || cell); NaN at the last one. */
    KL_FROM_NEXT,
    /** Log-probability of the best token minus that of the second. */
    MARGIN,
    /** -ln p of the prompt's next token; NaN at the last one. */
    CROSS_ENTROPY
}
