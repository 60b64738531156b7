package dev.stratalens.bench.report;

import dev.stratalens.bench.round.SampleSpread;
import java.util.Optional;

/**
 * One measured quantity under one condition.
 *
 * @param part what it belongs to
 * @param name of the quantity, in words
 * @param condition such as {@code 64 tokens}
 * @param unit of the values
 * @param spread what was measured
 * @param target what it is to reach; empty where nothing is promised
 */
public record Figure(
        BenchPart part, String name, String condition, Unit unit, SampleSpread spread, Optional<Target> target) {

    public static Figure of(BenchPart part, String name, String condition, Unit unit, SampleSpread spread) {
        return new Figure(part, name, condition, unit, spread, Optional.empty());
    }

    public Figure withTarget(Optional<Target> reached) {
        return new Figure(part, name, condition, unit, spread, reached);
    }

    /** Whether the median reaches the target; empty where there is none. */
    public Optional<Boolean> met() {
        return target.map(bound -> bound.isMetBy(spread.median()));
    }
}
