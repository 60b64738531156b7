package dev.stratalens.report.prompts;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Trajectory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A number of a cell, averaged over many prompts: of the target, of the model's own prediction, or a statistic. The
 * target of a prompt is its first one other than {@code final-top}. Immutable, equal by key.
 */
public final class PromptQuantity {

    /** The kind of the number. */
    public enum Kind {
        /** In the unit of a statistic. */
        AMOUNT,
        /** A probability, 0 .. 1. */
        PROBABILITY,
        /**
         * Decimal logarithm of a rank, 0 (the best) .. log10 V: its mean is the logarithm of the geometric mean rank.
         */
        LOG_RANK
    }

    /** Probability of the target, 0 .. 1. */
    public static final PromptQuantity TARGET_PROBABILITY = new PromptQuantity(
            "target_probability",
            "Probability of the target",
            Kind.PROBABILITY,
            (result, layer, position) ->
                    probability(result, target(result, PromptQuantity::isTarget), layer, position));

    /** Decimal logarithm of the target's rank. */
    public static final PromptQuantity TARGET_LOG_RANK = new PromptQuantity(
            "target_log_rank",
            "Rank of the target, geometric mean",
            Kind.LOG_RANK,
            (result, layer, position) -> logRank(result, target(result, PromptQuantity::isTarget), layer, position));

    /** Probability of the model's own prediction, 0 .. 1. */
    public static final PromptQuantity FINAL_PROBABILITY = new PromptQuantity(
            "final_probability",
            "Probability of the model's own prediction",
            Kind.PROBABILITY,
            PromptQuantity::finalProbability);

    /** Decimal logarithm of the rank of the model's own prediction; known if {@code final-top} was requested. */
    public static final PromptQuantity FINAL_LOG_RANK = new PromptQuantity(
            "final_log_rank",
            "Rank of the model's own prediction, geometric mean",
            Kind.LOG_RANK,
            (result, layer, position) ->
                    logRank(result, target(result, LensTarget.FinalTop.class::isInstance), layer, position));

    @FunctionalInterface
    private interface Value {
        OptionalDouble of(LensResult result, int layer, int position);
    }

    private final String key;
    private final String title;
    private final Kind kind;
    private final Value value;

    private PromptQuantity(String key, String title, Kind kind, Value value) {
        this.key = key;
        this.title = title;
        this.kind = kind;
        this.value = value;
    }

    /** A statistic. */
    public static PromptQuantity of(Statistic statistic) {
        String label = statistic.label();
        return new PromptQuantity(
                statistic.name(),
                label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1) + " (" + statistic.unit() + ")",
                Kind.AMOUNT,
                (result, layer, position) -> result.statistic(statistic, layer, position));
    }

    /** Every quantity: of targets and predictions, then every statistic that has a smallest value. */
    public static List<PromptQuantity> all() {
        Stream<PromptQuantity> own = Stream.of(TARGET_PROBABILITY, TARGET_LOG_RANK, FINAL_PROBABILITY, FINAL_LOG_RANK);
        Stream<PromptQuantity> statistics = Statistic.all().stream()
                .filter(statistic -> statistic.minimum().isPresent())
                .map(PromptQuantity::of);
        return Stream.concat(own, statistics).toList();
    }

    /** Name in files. */
    public String key() {
        return key;
    }

    /** Name for people. */
    public String title() {
        return title;
    }

    /** The kind of the number. */
    public Kind kind() {
        return kind;
    }

    /** The number of a cell; empty if it was not computed or does not exist. */
    OptionalDouble value(LensResult result, int layer, int position) {
        return value.of(result, layer, position);
    }

    /** The mean over positions that have the number; empty if none has. */
    OptionalDouble mean(LensResult result, int layer) {
        return result.positions().stream()
                .map(position -> value(result, layer, position))
                .flatMapToDouble(OptionalDouble::stream)
                .average();
    }

    private static OptionalDouble finalProbability(LensResult result, int layer, int position) {
        Optional<LensTarget> target = target(result, LensTarget.FinalTop.class::isInstance);
        if (target.isPresent()) {
            return probability(result, target, layer, position);
        }
        Optional<Trajectory> tracked =
                result.trajectory(position, result.finalTop(position).token().id());
        return tracked.map(trajectory -> OptionalDouble.of(trajectory.probability(layer)))
                .orElse(OptionalDouble.empty());
    }

    private static boolean isTarget(LensTarget target) {
        return !(target instanceof LensTarget.FinalTop);
    }

    private static Optional<LensTarget> target(LensResult result, Predicate<LensTarget> wanted) {
        return result.targets().stream().map(TargetInfo::target).filter(wanted).findFirst();
    }

    private static OptionalDouble probability(LensResult result, Optional<LensTarget> target, int layer, int position) {
        if (target.isEmpty()) {
            return OptionalDouble.empty();
        }
        OptionalDouble logProb = result.targetLogProb(target.get(), layer, position);
        return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
    }

    private static OptionalDouble logRank(LensResult result, Optional<LensTarget> target, int layer, int position) {
        OptionalInt rank = target.isEmpty() ? OptionalInt.empty() : result.rank(target.get(), layer, position);
        return rank.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Math.log10(rank.getAsInt()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PromptQuantity that && key.equals(that.key);
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
