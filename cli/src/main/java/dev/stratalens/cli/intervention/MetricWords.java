package dev.stratalens.cli.intervention;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Metric;

/** Metrics in words. */
final class MetricWords {

    private MetricWords() {}

    static String of(Metric metric) {
        if (metric.kind() instanceof Metric.Logit logit) {
            return "logit of " + of(logit.token());
        } else if (metric.kind() instanceof Metric.LogProbability probability) {
            return "log-probability of " + of(probability.token());
        } else if (metric.kind() instanceof Metric.LogitDifference difference) {
            return "logit of %s minus that of %s".formatted(of(difference.token()), of(difference.other()));
        }
        return "KL from the unchanged output";
    }

    private static String of(LensTarget token) {
        return token instanceof LensTarget.TokenId id
                ? "token " + id.id()
                : "\"%s\"".formatted(((LensTarget.Text) token).text());
    }
}
