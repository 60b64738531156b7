package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.ReadPoint;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What interventions did. Immutable, equal by value. */
@AutoValue
public abstract class InterventionEffect {

    InterventionEffect() {}

    /**
     * What was found.
     *
     * @param reached ascending positions by read point
     */
    public static InterventionEffect of(
            Map<ReadPoint, List<Integer>> reached,
            OptionalDouble largestUnreachedDifference,
            List<MetricPair> metrics) {
        return new AutoValue_InterventionEffect(Map.copyOf(reached), largestUnreachedDifference, List.copyOf(metrics));
    }

    /** Positions of the result whose rows can differ from those of the unchanged pass, ascending, by read point. */
    public abstract Map<ReadPoint, List<Integer>> reached();

    /** Largest absolute difference among the rows of the result that cannot differ; empty if there are none. */
    public abstract OptionalDouble largestUnreachedDifference();

    /** Metrics in the order in which they were asked for. */
    public abstract List<MetricPair> metrics();

    /** A metric of both passes. */
    @AutoValue
    public abstract static class MetricPair {

        MetricPair() {}

        /** A metric with its values. */
        public static MetricPair of(Metric metric, double unchanged, double changed) {
            return new AutoValue_InterventionEffect_MetricPair(metric, unchanged, changed);
        }

        /** The metric as it was asked for. */
        public abstract Metric metric();

        /** Its value in the unchanged pass. */
        public abstract double unchanged();

        /** Its value in the changed pass. */
        public abstract double changed();
    }

    /** Whether a cell can differ from that of the unchanged pass. */
    public final boolean reaches(ReadPoint readPoint, int position) {
        return Collections.binarySearch(reached().getOrDefault(readPoint, List.of()), position) >= 0;
    }
}
