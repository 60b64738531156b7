package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.RequestedEffect;
import dev.stratalens.v1.EffectOptions;
import dev.stratalens.v1.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Reads metrics of interventions. */
final class MetricParser {

    private MetricParser() {}

    static RequestedEffect effect(EffectOptions options) {
        List<RequestedEffect.Metric> metrics = new ArrayList<>();
        for (Metric metric : options.getMetricsList()) {
            metrics.add(metric("effect.metrics[%d]".formatted(metrics.size()), metric));
        }
        return new RequestedEffect(metrics, options.getWithUnchangedResult());
    }

    static RequestedEffect.Metric metric(String field, Metric metric) {
        return new RequestedEffect.Metric(
                kind(field, metric), metric.hasPosition() ? OptionalInt.of(metric.getPosition()) : OptionalInt.empty());
    }

    private static RequestedEffect.Kind kind(String field, Metric metric) {
        return switch (metric.getKindCase()) {
            case LOGIT -> new RequestedEffect.Logit(TargetParser.target(field + ".logit", metric.getLogit()));
            case LOG_PROBABILITY ->
                new RequestedEffect.LogProbability(
                        TargetParser.target(field + ".log_probability", metric.getLogProbability()));
            case LOGIT_DIFFERENCE ->
                new RequestedEffect.LogitDifference(
                        TargetParser.target(
                                field + ".logit_difference.token",
                                metric.getLogitDifference().getToken()),
                        TargetParser.target(
                                field + ".logit_difference.other",
                                metric.getLogitDifference().getOther()));
            case KL_FROM_UNCHANGED -> new RequestedEffect.KlFromUnchanged();
            case KIND_NOT_SET ->
                throw InvalidFieldException.of(
                        field,
                        Problem.MISSING,
                        "",
                        "Say which number: logit, log_probability, logit_difference or kl_from_unchanged.");
        };
    }
}
