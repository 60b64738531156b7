package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.model.site.Site;
import java.util.Comparator;

/**
 * A place in the model where a lens reads. Read points are ordered by depth.
 *
 * @param block index of the block, from 0; 0 for the embedding
 * @param site the site in the block
 */
public record ReadPoint(int block, Site site) implements Comparable<ReadPoint> {

    /** The input of the first block. */
    public static final ReadPoint EMBEDDING = new ReadPoint(0, Site.EMBEDDING);

    private static final Comparator<ReadPoint> BY_DEPTH =
            Comparator.comparingInt(ReadPoint::block).thenComparing(ReadPoint::site);

    /** The output of a block: a layer. */
    public static ReadPoint layer(int block) {
        return new ReadPoint(block, Site.BLOCK_OUTPUT);
    }

    /** Whether this is the output of a block. */
    public boolean isLayer() {
        return site == Site.BLOCK_OUTPUT;
    }

    @Override
    public int compareTo(ReadPoint other) {
        return BY_DEPTH.compare(this, other);
    }
}
