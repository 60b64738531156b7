package dev.stratalens.report.analysis;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A target against an anti-target: the right answer against a wrong one. Both must be of one result.
 *
 * @param target the expected token
 * @param against its competitor
 */
public record Contrast(FollowedTokens target, FollowedTokens against) {

    /** Checks that both are of one result. */
    public Contrast {
        if (!target.result().equals(against.result())) {
            throw new IllegalArgumentException(
                    "target and anti-target are of two results; follow both in the same one");
        }
    }

    /**
     * ln p(target) - ln p(against) of a cell, in nats; positive if the target is likelier. For two single tokens this
     * is the difference of their logits, the usual measure of circuit studies. Empty if one of them is unknown.
     */
    public OptionalDouble logOdds(int layer, int position) {
        return difference(target.logProb(layer, position), against.logProb(layer, position));
    }

    /** p(target) - p(against) of a cell, -1 .. 1; empty if one of them is unknown. */
    public OptionalDouble probabilityDifference(int layer, int position) {
        return difference(target.probability(layer, position), against.probability(layer, position));
    }

    /** The log-odds of every cell. */
    public LensGrid logOdds() {
        return grid(this::logOdds);
    }

    /** The probability difference of every cell. */
    public LensGrid probabilityDifference() {
        return grid(this::probabilityDifference);
    }

    /**
     * The first requested block from which the target is likelier than the anti-target and stays so to the last
     * requested block; empty if it is not likelier at the last, or if this is unknown. The embedding does not count.
     */
    public OptionalInt aheadFrom(int position) {
        OptionalInt since = OptionalInt.empty();
        List<Integer> layers = target.result().layers();
        for (int layer : layers) {
            OptionalDouble logOdds = difference(target.logProb(layer, position), against.logProb(layer, position));
            if (layer < 0 || logOdds.isEmpty() || !(logOdds.getAsDouble() > 0)) {
                since = OptionalInt.empty();
            } else if (since.isEmpty()) {
                since = OptionalInt.of(layer);
            }
        }
        return since;
    }

    private LensGrid grid(LensGrid.Cells cells) {
        return new LensGrid(target.result().layers(), target.result().positions(), cells);
    }

    /** NaN, and so unknown, if both are minus infinity. */
    private static OptionalDouble difference(OptionalDouble one, OptionalDouble other) {
        if (one.isEmpty() || other.isEmpty()) {
            return OptionalDouble.empty();
        }
        double difference = one.getAsDouble() - other.getAsDouble();
        return Double.isNaN(difference) ? OptionalDouble.empty() : OptionalDouble.of(difference);
    }
}
