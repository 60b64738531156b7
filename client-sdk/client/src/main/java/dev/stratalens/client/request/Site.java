package dev.stratalens.client.request;

/** Places in a block where a lens reads, in order of depth. More will be added. */
public enum Site {
    /** What enters block 0: layer -1. */
    EMBEDDING,
    /** The stream after a block: what people call a layer. */
    BLOCK_OUTPUT
}
