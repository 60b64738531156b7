package dev.stratalens.cli.option;

import dev.stratalens.report.analysis.Comparison;
import dev.stratalens.report.analysis.ComparisonFigures;
import dev.stratalens.report.analysis.Difference;
import dev.stratalens.report.analysis.Divergence.Measure;
import dev.stratalens.report.figure.HeatMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values of {@code --by}: what is compared in each cell. */
public enum CompareView {
    /** Total variation. */
    TV(Measure.TOTAL_VARIATION),
    /** Jensen-Shannon divergence. */
    JS(Measure.JENSEN_SHANNON),
    /** KL(A || B). */
    KL_AB(Measure.KL_FROM_A),
    /** KL(B || A). */
    KL_BA(Measure.KL_FROM_B),
    /** Entropies. */
    ENTROPY(Difference.ENTROPY),
    /** KL to each run's own output. */
    KL(Difference.KL_FROM_FINAL),
    /** Probability of the best token. */
    TOP(Difference.TOP_PROBABILITY),
    /** Probability of the first target. */
    TARGET(Difference.TARGET_PROBABILITY),
    /** Log-probability of the first target. */
    TARGET_LOG_PROB(Difference.TARGET_LOG_PROBABILITY),
    /** Rank of the first target. */
    TARGET_RANK(Difference.TARGET_RANK);

    private final @Nullable Measure measure;
    private final @Nullable Difference difference;

    CompareView(Measure measure) {
        this.measure = measure;
        this.difference = null;
    }

    CompareView(Difference difference) {
        this.measure = null;
        this.difference = difference;
    }

    /** How far apart the runs are said to be; total variation where a number of each is compared. */
    public Measure distance() {
        return measure == null ? Measure.TOTAL_VARIATION : measure;
    }

    public Optional<Difference> difference() {
        return Optional.ofNullable(difference);
    }

    public HeatMap map(Comparison comparison) {
        return difference == null
                ? ComparisonFigures.heatMap(comparison, distance())
                : ComparisonFigures.heatMap(comparison, difference);
    }

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
