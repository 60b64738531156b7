package dev.stratalens.client.request;

/** Optional statistics of a cell. */
public enum Statistic {
    /** Entropy of the cell's distribution, nats, 0 .. ln V. */
    ENTROPY,
    /** KL(final || layer), nats, 0 or more; exactly 0 at the last block with the final norm. */
    KL_FROM_FINAL,
    /** KL(next asked layer || layer), nats; none at the last asked layer. About doubles the cost of the lens. */
    KL_FROM_NEXT
}
