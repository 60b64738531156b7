package dev.stratalens.engine.lens.result;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What the interventions of a plan did. Arrays are not copied: read-only.
 *
 * @param reached tokens whose rows can differ, ascending, among the plan's positions, for each read point of the plan
 * @param largestUnreachedDifference among the rows of the plan that cannot differ; empty if there are none
 * @param metrics in the order of the plan
 */
public record MeasuredEffect(List<int[]> reached, OptionalDouble largestUnreachedDifference, List<MetricPair> metrics) {

    /** A metric of both passes. */
    public record MetricPair(double unchanged, double changed) {}

    /** Copies the lists. */
    public MeasuredEffect {
        reached = List.copyOf(reached);
        metrics = List.copyOf(metrics);
    }
}
