package dev.stratalens.engine.lens.request;

import java.util.List;
import java.util.OptionalInt;

/**
 * Asks what interventions did: the prompt is also computed without them.
 *
 * @param metrics numbers of both passes
 * @param withUnchangedResult whether the unchanged pass has a result of its own
 */
public record RequestedEffect(List<Metric> metrics, boolean withUnchangedResult) {

    /** Copies the list. */
    public RequestedEffect {
        metrics = List.copyOf(metrics);
    }

    /**
     * A number about the model's own output.
     *
     * @param position negative ones count from the end; empty for the last
     */
    public record Metric(Kind kind, OptionalInt position) {}

    /** What a metric says. */
    public sealed interface Kind {}

    /** Logit of a token, after a softcap. */
    public record Logit(RequestedTarget token) implements Kind {}

    /** Log-probability of a token. */
    public record LogProbability(RequestedTarget token) implements Kind {}

    /** Logit of a token minus that of another. */
    public record LogitDifference(RequestedTarget token, RequestedTarget other) implements Kind {}

    /** KL(unchanged || changed), in nats. */
    public record KlFromUnchanged() implements Kind {}
}
