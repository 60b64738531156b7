package dev.stratalens.report.analysis;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Where in depth the predictions of several positions form. A position is early if it crystallizes in the first third of
 * the model's blocks, late if in the last third.
 *
 * @param positions number of positions
 * @param crystallization spread of the crystallization layers of those that have one
 * @param firstAppearance spread of the first appearances of those that have one
 * @param firstWithin spread of the first layers within the rank of those that have one
 * @param early positions that crystallize early
 * @param late positions that crystallize late
 * @param never positions that never crystallize
 */
public record DepthSummary(
        int positions,
        Optional<Spread> crystallization,
        Optional<Spread> firstAppearance,
        Optional<Spread> firstWithin,
        List<Integer> early,
        List<Integer> late,
        List<Integer> never) {

    /** Copies the lists. */
    public DepthSummary {
        early = List.copyOf(early);
        late = List.copyOf(late);
        never = List.copyOf(never);
    }

    /**
     * Summarizes positions.
     *
     * @param blocks number of blocks of the model
     */
    public static DepthSummary of(List<PositionDepth> depths, int blocks) {
        return new DepthSummary(
                depths.size(),
                spread(depths, PositionDepth::crystallization),
                spread(depths, PositionDepth::firstAppearance),
                spread(depths, PositionDepth::firstWithin),
                // block l of L is in the first third if (l + 1) / L <= 1/3, in the last if l / L >= 2/3
                crystallizing(depths, 0, blocks / 3),
                crystallizing(depths, (2 * blocks + 2) / 3, blocks),
                depths.stream()
                        .filter(depth -> depth.crystallization().isEmpty())
                        .map(PositionDepth::position)
                        .toList());
    }

    /** Share of positions that never crystallize, 0 .. 1; 0 without positions. */
    public double neverShare() {
        return positions == 0 ? 0 : (double) never.size() / positions;
    }

    private static Optional<Spread> spread(List<PositionDepth> depths, Function<PositionDepth, OptionalInt> layer) {
        return Spread.of(depths.stream()
                .map(layer)
                .filter(OptionalInt::isPresent)
                .mapToDouble(OptionalInt::orElseThrow)
                .toArray());
    }

    private static List<Integer> crystallizing(List<PositionDepth> depths, int fromBlock, int toBlock) {
        return depths.stream()
                .filter(depth -> depth.crystallization().isPresent())
                .filter(depth -> depth.crystallization().getAsInt() >= fromBlock
                        && depth.crystallization().getAsInt() < toBlock)
                .map(PositionDepth::position)
                .toList();
    }
}
