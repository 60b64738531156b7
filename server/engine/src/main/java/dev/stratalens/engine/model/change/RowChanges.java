package dev.stratalens.engine.model.change;

import dev.stratalens.engine.model.site.Site;
import java.util.List;

/** The changes of a pass, by place. Asked on the computing thread, block by block. */
@FunctionalInterface
public interface RowChanges {

    /** A pass as it is. */
    RowChanges NONE = (block, site) -> List.of();

    /**
     * The changes at a place, in the order in which they act.
     *
     * @param block 0 for the embedding
     */
    List<RowChange> at(int block, Site site);

    /** Whether something is changed inside a block. */
    default boolean isInside(int block) {
        return Site.INSIDE.stream().anyMatch(site -> !at(block, site).isEmpty());
    }
}
