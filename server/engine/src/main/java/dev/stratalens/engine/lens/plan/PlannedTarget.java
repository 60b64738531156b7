package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.lens.request.RequestedTarget;
import java.util.List;

/**
 * A target, resolved for a model.
 *
 * @param target the target as requested
 * @param tokenIds for a text the ids of its encoding (the first is followed); for an id that id; empty for
 *     targets that depend on the position
 */
public record PlannedTarget(RequestedTarget target, List<Integer> tokenIds) {

    /** Copies the ids. */
    public PlannedTarget {
        tokenIds = List.copyOf(tokenIds);
    }
}
