package dev.stratalens.engine.lens.plan;

import java.util.List;

/**
 * A target in the terms of one model.
 *
 * @param target as asked
 * @param tokenIds for a text every id of its encoding; the first is followed; for an id that id; empty for targets
 *     that depend on the position
 */
public record PlannedTarget(RequestedTarget target, List<Integer> tokenIds) {

    /** Copies the ids. */
    public PlannedTarget {
        tokenIds = List.copyOf(tokenIds);
    }
}
