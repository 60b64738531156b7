package dev.stratalens.cli.summary;

import dev.stratalens.client.request.Statistic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A number of a cell that is summarized.
 *
 * @param key name in files and on the command line
 * @param title name for people
 * @param column where it is in a table
 * @param kind what is done with it
 */
record SummaryMeasure(String key, String title, String column, Kind kind) {

    /** Kinds of numbers. */
    enum Kind {
        /** As it is, 0 or more. */
        AMOUNT,
        /** The probability of the first of the cell's tokens, from its logarithm. */
        PROBABILITY,
        /** The rank of the first of the cell's tokens; its mean is the geometric one. */
        RANK;

        boolean isFirstOfList() {
            return this != AMOUNT;
        }

        /** From the number in the table to the one that is shown. */
        double value(double stored) {
            return this == PROBABILITY ? Math.exp(stored) : stored;
        }

        /** From the number that is shown to the one of which means are taken. */
        double averaged(double value) {
            return this == RANK ? Math.log(value) : value;
        }

        /** And back. */
        double mean(double averaged) {
            return this == RANK ? Math.exp(averaged) : averaged;
        }
    }

    /** Every measure. */
    static List<SummaryMeasure> all() {
        Stream<SummaryMeasure> tokens = Stream.of(
                new SummaryMeasure(
                        "top-probability", "Probability of the best token", "top_log_probs", Kind.PROBABILITY),
                new SummaryMeasure(
                        "target-probability", "Probability of the target", "target_log_probs", Kind.PROBABILITY),
                new SummaryMeasure("target-rank", "Rank of the target, geometric mean", "target_ranks", Kind.RANK));
        return Stream.concat(statistics(), tokens).toList();
    }

    /** Those that are never negative. */
    private static Stream<SummaryMeasure> statistics() {
        return Statistic.all().stream()
                .filter(statistic -> statistic.minimum().orElse(-1) >= 0)
                .map(statistic -> new SummaryMeasure(
                        statistic.name(),
                        "%s (%s)".formatted(capitalized(statistic.label()), statistic.unit()),
                        statistic.name().replace('-', '_'),
                        Kind.AMOUNT));
    }

    private static String capitalized(String label) {
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }
}
