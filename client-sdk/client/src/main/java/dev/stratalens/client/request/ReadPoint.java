package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import java.util.Comparator;
import java.util.Locale;

/** A place in the model where a lens reads; ordered by depth. */
@AutoValue
public abstract class ReadPoint implements Comparable<ReadPoint> {

    private static final int EMBEDDING_LAYER = -1;
    private static final ReadPoint EMBEDDING = new AutoValue_ReadPoint(0, Site.EMBEDDING);

    private static final Comparator<ReadPoint> ORDER =
            Comparator.comparingInt(ReadPoint::block).thenComparing(ReadPoint::site);

    ReadPoint() {}

    /** A site in a block. */
    public static ReadPoint of(int block, Site site) {
        if (block < 0) {
            throw new IllegalArgumentException("block " + block + " is negative; blocks count from 0");
        }
        return new AutoValue_ReadPoint(block, site);
    }

    /** The read point of a layer: a block's output, or for -1 the embedding. */
    public static ReadPoint ofLayer(int layer) {
        return layer == EMBEDDING_LAYER ? EMBEDDING : of(layer, Site.BLOCK_OUTPUT);
    }

    /** The block, 0 .. L-1; 0 for the embedding. */
    public abstract int block();

    /** The site in it. */
    public abstract Site site();

    /** Whether it is a layer: the output of a block, or the embedding. Others are inside a block. */
    public final boolean isLayer() {
        return site() == Site.EMBEDDING || site() == Site.BLOCK_OUTPUT;
    }

    /** The number of the layer, or of the layer whose block it is inside of: a block's, or -1 for the embedding. */
    public final int layer() {
        return site() == Site.EMBEDDING ? EMBEDDING_LAYER : block();
    }

    @Override
    public final int compareTo(ReadPoint other) {
        return ORDER.compare(this, other);
    }

    @Override
    public final String toString() {
        return switch (site()) {
            case EMBEDDING -> "embedding";
            case BLOCK_OUTPUT -> "layer " + block();
            default -> site().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " of block " + block();
        };
    }
}
