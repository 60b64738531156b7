package dev.stratalens.client.request;

/** Places in the model where a lens reads. More will be added. */
public enum Site {
    /** What enters block 0: layer -1. */
    EMBEDDING,
    /** The stream after a block: what people call a layer. */
    BLOCK_OUTPUT
}
