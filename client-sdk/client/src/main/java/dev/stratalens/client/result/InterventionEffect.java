package dev.stratalens.client.result;

import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.ReadPoint;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What interventions did. Immutable, equal by value.
 *
 * @param reached positions of the result whose rows can differ from those of the unchanged pass, ascending, by read point
 * @param largestUnreachedDifference largest absolute difference among the rows of the result that cannot differ; empty if there are
 *     none
 * @param metrics in the order in which they were asked for
 */
public record InterventionEffect(
        Map<ReadPoint, List<Integer>> reached, OptionalDouble largestUnreachedDifference, List<MetricPair> metrics) {

    /** Copies the collections. */
    public InterventionEffect {
        reached = Map.copyOf(reached);
        metrics = List.copyOf(metrics);
    }

    /**
     * A metric of both passes.
     *
     * @param metric as it was asked for
     */
    public record MetricPair(Metric metric, double unchanged, double changed) {}

    /** Whether a cell can differ from that of the unchanged pass. */
    public boolean reaches(ReadPoint readPoint, int position) {
        return reached.getOrDefault(readPoint, List.of()).contains(position);
    }
}
