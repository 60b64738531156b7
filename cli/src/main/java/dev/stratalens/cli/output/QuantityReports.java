package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.report.AnalysisReport;
import dev.stratalens.cli.report.Quantity;
import dev.stratalens.cli.report.QuantityReport;
import dev.stratalens.client.result.LensResult;
import java.util.List;

/** Reports of what every cell may have. */
public final class QuantityReports {

    private QuantityReports() {}

    /** @throws CliException if the result was computed without it */
    public static AnalysisReport report(
            LensResult result, List<Integer> positions, Quantity quantity, boolean byLayer) {
        if (quantity.of(result).overall().isEmpty()) {
            throw CliException.usage("this result has no %s%s. Compute it again with --stats %s."
                    .formatted(
                            quantity.key(), result.layers().size() == 1 ? " (it has one layer)" : "", quantity.key()));
        }
        return new QuantityReport(result, positions, quantity, byLayer);
    }
}
