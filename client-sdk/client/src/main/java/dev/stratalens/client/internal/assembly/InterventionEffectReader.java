package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.InterventionEffect.MetricPair;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.MetricValue;
import dev.stratalens.v1.ReachedPositions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads what interventions did, and checks it against request and header. */
final class InterventionEffectReader {

    private InterventionEffectReader() {}

    /** @param readPoints of the stream, in order */
    static InterventionEffect read(
            LensRequest request,
            List<ReadPoint> readPoints,
            ResultInfo info,
            dev.stratalens.v1.InterventionEffect message) {
        require(
                message.getReachedCount() == readPoints.size(),
                "the effect speaks of %d of %d read points",
                message.getReachedCount(),
                readPoints.size());
        require(
                message.getMetricsCount() == request.metrics().size(),
                "%d of %d metrics came",
                message.getMetricsCount(),
                request.metrics().size());
        Map<ReadPoint, List<Integer>> reached = new HashMap<>();
        for (int i = 0; i < readPoints.size(); i++) {
            reached.put(readPoints.get(i), positions(message.getReached(i), info));
        }
        List<MetricPair> metrics = new ArrayList<>();
        for (MetricValue value : message.getMetricsList()) {
            metrics.add(MetricPair.of(request.metrics().get(metrics.size()), value.getUnchanged(), value.getChanged()));
        }
        return InterventionEffect.of(
                reached,
                message.hasLargestUnreachedDifference()
                        ? OptionalDouble.of(message.getLargestUnreachedDifference())
                        : OptionalDouble.empty(),
                metrics);
    }

    private static List<Integer> positions(ReachedPositions reached, ResultInfo info) {
        SortedSet<Integer> positions = new TreeSet<>();
        for (IndexRange range : reached.getPositionsList()) {
            require(range.getStride() >= 1, "a range of positions has the stride %d", range.getStride());
            for (long position = range.getFirst(); position < range.getLast(); position += range.getStride()) {
                positions.add((int) position);
            }
            positions.add(range.getLast());
        }
        require(
                positions.stream().allMatch(position -> Collections.binarySearch(info.positions(), position) >= 0),
                "the effect speaks of positions that are not in the result: %s",
                positions);
        return List.copyOf(positions);
    }
}
