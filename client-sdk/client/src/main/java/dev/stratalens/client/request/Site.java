package dev.stratalens.client.request;

/** Places in a block where a lens reads, in order of depth. More will be added. */
public enum Site {
    /** What enters block 0: layer -1. */
    EMBEDDING,
    /** What the attention, or what a block has in its place, adds to the stream. */
    ATTENTION_OUTPUT,
    /** The stream between attention and feed-forward. Does not exist in families whose branches read the same stream. */
    ATTENTION_RESIDUAL,
    /** What the feed-forward adds to the stream. */
    FEED_FORWARD_OUTPUT,
    /** The stream after a block: what people call a layer. */
    BLOCK_OUTPUT
}
