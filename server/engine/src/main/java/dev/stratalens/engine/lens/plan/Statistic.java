package dev.stratalens.engine.lens.plan;

/** Optional statistics of a cell; the log-sum-exp is always computed. */
public enum Statistic {
    /** Entropy in nats. */
    ENTROPY,
    /** KL(final || layer) in nats. */
    KL_FROM_FINAL,
    /** KL(next asked layer || layer) in nats. */
    KL_FROM_NEXT
}
