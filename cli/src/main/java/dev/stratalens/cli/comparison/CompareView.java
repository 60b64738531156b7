package dev.stratalens.cli.comparison;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.report.comparison.Comparison;
import dev.stratalens.report.comparison.ComparisonFigures;
import dev.stratalens.report.comparison.Difference;
import dev.stratalens.report.comparison.Divergence.Measure;
import dev.stratalens.report.figure.HeatMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Values of {@code --by}: what is compared in each cell.
 *
 * @param word as typed
 * @param distance how far apart the runs are said to be; total variation where a number of each is compared
 * @param difference the number of each that is compared; empty where the distance is shown
 */
public record CompareView(String word, Measure distance, Optional<Difference> difference) {

    /** Total variation. */
    public static final CompareView TV = new CompareView("tv", Measure.TOTAL_VARIATION, Optional.empty());

    /** Shorter than their names in files; statistics have theirs. */
    private static final Map<Difference, String> WORDS = Map.of(
            Difference.TOP_PROBABILITY, "top",
            Difference.TARGET_PROBABILITY, "target",
            Difference.TARGET_LOG_PROBABILITY, "target-log-prob",
            Difference.TARGET_RANK, "target-rank");

    /** Every view. */
    public static final class Words extends Choice<CompareView> {
        public Words() {
            super(all(), CompareView::word);
        }
    }

    private static List<CompareView> all() {
        Stream<CompareView> distances = Stream.of(
                TV,
                new CompareView("js", Measure.JENSEN_SHANNON, Optional.empty()),
                new CompareView("kl-ab", Measure.KL_FROM_A, Optional.empty()),
                new CompareView("kl-ba", Measure.KL_FROM_B, Optional.empty()));
        Stream<CompareView> differences = Difference.all().stream()
                .map(difference -> new CompareView(
                        WORDS.getOrDefault(difference, difference.key()),
                        Measure.TOTAL_VARIATION,
                        Optional.of(difference)));
        return Stream.concat(distances, differences).toList();
    }

    /** The best tokens, colored by what is compared. */
    public HeatMap map(Comparison comparison) {
        return difference.isEmpty()
                ? ComparisonFigures.heatMap(comparison, distance)
                : ComparisonFigures.heatMap(comparison, difference.get());
    }

    @Override
    public String toString() {
        return word;
    }
}
