package dev.stratalens.engine.lens.plan;

/** Places in a block where a lens can read, in the order of computation. */
public enum Site {
    /** The input of the first block. */
    EMBEDDING,
    /**
     * The output of each attention head, before the output projection. For attribution and interventions; no lens reads
     * it.
     */
    ATTENTION_HEADS,
    /** The output of the attention branch, before it is added to the residual stream. */
    ATTENTION_OUTPUT,
    /** The residual stream after the attention branch was added. Does not exist in families with parallel branches. */
    ATTENTION_RESIDUAL,
    /** The output of the feed-forward branch, before it is added to the residual stream. */
    FEED_FORWARD_OUTPUT,
    /** The residual stream after the block. */
    BLOCK_OUTPUT
}
