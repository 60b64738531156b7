package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.v1.MetricValue;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.ReachedPositions;

/** Says what interventions did. */
final class EffectMessages {

    private EffectMessages() {}

    static dev.stratalens.v1.InterventionEffect message(MeasuredEffect effect) {
        var message = dev.stratalens.v1.InterventionEffect.newBuilder();
        for (int[] tokens : effect.reached()) {
            PromptChunk.Builder ranges = PromptChunk.newBuilder();
            new PositionRanges(tokens).addBefore(Integer.MAX_VALUE, ranges);
            message.addReached(ReachedPositions.newBuilder().addAllPositions(ranges.getPositionsList()));
        }
        effect.largestUnreachedDifference()
                .ifPresent(difference -> message.setLargestUnreachedDifference((float) difference));
        effect.metrics()
                .forEach(metric -> message.addMetrics(MetricValue.newBuilder()
                        .setUnchanged(metric.unchanged())
                        .setChanged(metric.changed())));
        return message.build();
    }
}
