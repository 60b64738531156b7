package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What colors the cells of a heat map of the best tokens. */
public sealed interface ColorMode {

    /** Modes that are not statistics. */
    enum Own implements ColorMode {
        /** Probability of the best token. */
        PROBABILITY,
        /** Probability of a target. */
        TARGET,
        /** Rank of a target, on a logarithmic scale. */
        RANK,
        /** Logit of the best token. */
        LOGIT,
        /** Whether the best token is the model's own. */
        AGREEMENT;

        @Override
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A statistic of the cell.
     *
     * @param statistic which one
     */
    record OfStatistic(Statistic statistic) implements ColorMode {
        @Override
        public String key() {
            return statistic.name();
        }
    }

    /** Name on command lines, lower case with hyphens; for a statistic, its own name. */
    String key();

    /** Whether the mode needs a target. */
    default boolean needsTarget() {
        return this == Own.TARGET || this == Own.RANK;
    }

    /** Every mode, with every statistic that has a scale. */
    static List<ColorMode> all() {
        Stream<ColorMode> statistics = Statistic.all().stream()
                .filter(statistic -> statistic.minimum().isPresent())
                .map(OfStatistic::new);
        return Stream.concat(Arrays.stream(Own.values()), statistics).toList();
    }

    /** The mode with this {@link #key()}; empty if there is none. */
    static Optional<ColorMode> named(String key) {
        return all().stream().filter(mode -> mode.key().equals(key)).findFirst();
    }
}
