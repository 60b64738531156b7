package dev.stratalens.report.comparison;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The difference of a number at paired cells: result B's minus result A's, below 0 if A has more. Swapped results have
 * the negative. Immutable, equal by key.
 */
public final class Difference {

    /** Difference of the probabilities of the best tokens, even if they differ. */
    public static final Difference TOP_PROBABILITY = new Difference(
            "top_probability",
            "probability of the best token",
            "",
            (result, layer, position) ->
                    OptionalDouble.of(result.top(layer, position).probability()));

    /** Difference of the probabilities of the first target. */
    public static final Difference TARGET_PROBABILITY =
            new Difference("target_probability", "probability of the target", "", (result, layer, position) -> {
                OptionalDouble logProb = targetLogProb(result, layer, position);
                return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
            });

    /** Difference of the log-probabilities of the first target, in nats. */
    public static final Difference TARGET_LOG_PROBABILITY = new Difference(
            "target_log_probability", "log-probability of the target", "nats", Difference::targetLogProb);

    /** Difference of the decimal logarithms of the ranks of the first target: 1 if its rank is ten times worse in B. */
    public static final Difference TARGET_RANK =
            new Difference("target_rank", "log10 rank of the target", "powers of ten", Difference::targetLogRank);

    @FunctionalInterface
    private interface Value {
        OptionalDouble of(LensResult result, int layer, int position);
    }

    private final String key;
    private final String noun;
    private final String unit;
    private final Value value;

    private Difference(String key, String noun, String unit, Value value) {
        this.key = key;
        this.noun = noun;
        this.unit = unit;
        this.value = value;
    }

    /** Difference of a statistic. For {@link Statistic#KL_FROM_FINAL}, each result is compared with its own output. */
    public static Difference of(Statistic statistic) {
        return new Difference(
                statistic.name(),
                statistic.label(),
                statistic.unit(),
                (result, layer, position) -> result.statistic(statistic, layer, position));
    }

    /** Every difference: of every statistic that has a smallest value, of best tokens and of targets. */
    public static List<Difference> all() {
        Stream<Difference> statistics = Statistic.all().stream()
                .filter(statistic -> statistic.minimum().isPresent())
                .map(Difference::of);
        Stream<Difference> own = Stream.of(TOP_PROBABILITY, TARGET_PROBABILITY, TARGET_LOG_PROBABILITY, TARGET_RANK);
        return Stream.concat(statistics, own).toList();
    }

    /** Name in files. */
    public String key() {
        return key;
    }

    /** Name of the subtracted number. */
    String noun() {
        return noun;
    }

    /** The unit; empty if there is none. */
    public String unit() {
        return unit;
    }

    /** Whether both results need a target. */
    public boolean needsTarget() {
        return equals(TARGET_PROBABILITY) || equals(TARGET_LOG_PROBABILITY) || equals(TARGET_RANK);
    }

    /** The number in one result; empty if it was not computed. */
    OptionalDouble value(LensResult result, int layer, int position) {
        return value.of(result, layer, position);
    }

    private static OptionalDouble targetLogProb(LensResult result, int layer, int position) {
        return result.targets().isEmpty()
                ? OptionalDouble.empty()
                : result.targetLogProb(result.targets().get(0).target(), layer, position);
    }

    private static OptionalDouble targetLogRank(LensResult result, int layer, int position) {
        if (result.targets().isEmpty()) {
            return OptionalDouble.empty();
        }
        OptionalInt rank = result.rank(result.targets().get(0).target(), layer, position);
        return rank.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Math.log10(rank.getAsInt()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Difference that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return key;
    }
}
