package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.WireDuration;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.Timings;
import dev.stratalens.v1.LensSummary;
import java.util.Optional;

/** Reads the summary of a result, and compares its counts with what came. */
final class SummaryReader {

    private SummaryReader() {}

    /**
     * Reads a summary.
     *
     * @param missing tracked tokens that came without a trajectory
     */
    static ResultSummary.Builder read(LensSummary summary, ResultInfo info, long missing) {
        require(
                missing == summary.getOmittedRowCount(),
                "%d tracked tokens came without trajectory, the summary says %d",
                missing,
                summary.getOmittedRowCount());
        long cells = info.readings().stream()
                        .mapToLong(reading -> reading.readPoints().size())
                        .sum()
                * info.positions().size();
        require(
                summary.getCellCount() == cells,
                "the summary counts %s cells where %d came",
                Long.toUnsignedString(summary.getCellCount()),
                cells);
        require(summary.hasSelfCheck(), "the summary has no self-check");
        return ResultSummary.builder()
                .selfCheck(SelfCheck.of(
                        summary.getSelfCheck().getMaxLogitDifference(),
                        summary.getSelfCheck().getTop1Agrees(),
                        summary.getSelfCheck().getPositionsList()))
                .timings(Optional.of(Timings.builder()
                        .queued(WireDuration.read(summary.getQueued()))
                        .forward(WireDuration.read(summary.getForward()))
                        .lens(WireDuration.read(summary.getLens()))
                        .build()))
                .omittedTrajectories(summary.getOmittedRowCount())
                .reservedBytes(summary.getReservedBytes());
    }
}
