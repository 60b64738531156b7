package dev.stratalens.client.request;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in the model where a lens reads; ordered by depth.
 *
 * @param block block, 0 .. L-1; 0 for the embedding
 * @param site site in it
 */
public record ReadPoint(int block, Site site) implements Comparable<ReadPoint> {

    private static final int EMBEDDING_LAYER = -1;

    /** Checks that the block is one. */
    public ReadPoint {
        Objects.requireNonNull(site, "site");
        if (block < 0) {
            throw new IllegalArgumentException("block " + block + " is negative; blocks count from 0");
        }
    }

    /** The read point of a layer: a block's output, or for -1 the embedding. */
    public static ReadPoint ofLayer(int layer) {
        return layer == EMBEDDING_LAYER ? new ReadPoint(0, Site.EMBEDDING) : new ReadPoint(layer, Site.BLOCK_OUTPUT);
    }

    /** The layer's number: a block's, or -1 for the embedding. */
    public int layer() {
        return site == Site.EMBEDDING ? EMBEDDING_LAYER : block;
    }

    @Override
    public int compareTo(ReadPoint other) {
        return Comparator.comparingInt(ReadPoint::block)
                .thenComparing(ReadPoint::site)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return site == Site.EMBEDDING ? "embedding" : "layer " + block;
    }
}
