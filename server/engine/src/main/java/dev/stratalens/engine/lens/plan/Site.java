package dev.stratalens.engine.lens.plan;

/** Where in a block a lens reads, in the order in which a block computes. */
public enum Site {
    /** What enters the first block. */
    EMBEDDING,
    /**
     * The output of each attention head, before the output projection. For attribution and interventions; no lens reads
     * it.
     */
    ATTENTION_HEADS,
    /** What the attention branch adds to the residual stream. */
    ATTENTION_OUTPUT,
    /** The residual stream after the attention branch was added. Families with parallel branches have none. */
    ATTENTION_RESIDUAL,
    /** What the feed-forward branch adds to the residual stream. */
    FEED_FORWARD_OUTPUT,
    /** The residual stream as it leaves the block. */
    BLOCK_OUTPUT
}
