package dev.stratalens.engine.model.site;

import java.util.List;
import java.util.Locale;

/** Places in a block where rows can be read, in the order of computation. */
public enum Site {
    /** The input of the first block. */
    EMBEDDING,
    /** The output of each attention head, before the output projection. For attribution; no lens reads it. */
    ATTENTION_HEADS,
    /** What the mixer adds to the residual stream: attention, or what a block has in its place. */
    ATTENTION_OUTPUT,
    /** The residual stream between mixer and feed-forward. Does not exist in blocks where both read the same stream. */
    ATTENTION_RESIDUAL,
    /** What the feed-forward adds to the residual stream. */
    FEED_FORWARD_OUTPUT,
    /** The residual stream after the block. */
    BLOCK_OUTPUT;

    /** The sites inside a block, in the order of computation. */
    public static final List<Site> INSIDE =
            List.of(ATTENTION_HEADS, ATTENTION_OUTPUT, ATTENTION_RESIDUAL, FEED_FORWARD_OUTPUT);

    /** Whether its rows are added to the stream, which is their sum. */
    public boolean isAdded() {
        return this == EMBEDDING || this == ATTENTION_OUTPUT || this == FEED_FORWARD_OUTPUT;
    }

    /** Whether a lens can read its rows. */
    public boolean isForLenses() {
        return this != ATTENTION_HEADS;
    }

    /** Name for people: {@code attention-output}. */
    public String inWords() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
