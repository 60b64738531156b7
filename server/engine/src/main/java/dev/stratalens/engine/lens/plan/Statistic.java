package dev.stratalens.engine.lens.plan;

/** A number of a cell that is sent when it is asked for. All are in nats. */
public enum Statistic {
    /** ln sum exp of the logits. */
    LOG_SUM_EXP,
    /** Entropy. */
    ENTROPY,
    /** KL(model's own output || cell). */
    KL_FROM_FINAL,
    /** KL(next asked read point of the same lens || cell); NaN at the last one. */
    KL_FROM_NEXT,
    /** How far the best token is ahead of the second, in log-probability. */
    MARGIN
}
