package dev.stratalens.report.figure;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.LayerGrid.Rows;
import java.util.OptionalInt;

/** Maps of a target. If its token depends on the position, the head of each column shows it. */
final class TargetMaps {

    private TargetMaps() {}

    static HeatMap probability(LensResult result, LensTarget target) {
        return grid(result, target, (row, position) -> {
                    double probability = probability(row, target, position);
                    return Double.isNaN(probability)
                            ? Cell.EMPTY
                            : new Cell(best(row, position), probability, NumberText.probability(probability));
                })
                .heatMap(
                        "Likeliest next token, colored by the probability of " + name(result, target),
                        ColorScale.probability("probability of the target"));
    }

    static HeatMap rank(LensResult result, LensTarget target) {
        return grid(result, target, (row, position) -> {
                    OptionalInt rank = row.rank(target, position);
                    return rank.isEmpty()
                            ? Cell.EMPTY
                            : new Cell(best(row, position), rank.getAsInt(), Integer.toString(rank.getAsInt()));
                })
                .heatMap("Likeliest next token, colored by the rank of " + name(result, target), scale(result));
    }

    static HeatMap rankAndProbability(LensResult result, LensTarget target) {
        return grid(result, target, (row, position) -> {
                    OptionalInt rank = row.rank(target, position);
                    if (rank.isEmpty()) {
                        return Cell.EMPTY;
                    }
                    double probability = probability(row, target, position);
                    return new Cell(
                            Integer.toString(rank.getAsInt()), rank.getAsInt(), NumberText.probability(probability));
                })
                .heatMap("Rank (1 is the top) and probability of " + name(result, target), scale(result));
    }

    private static ColorScale scale(LensResult result) {
        return ColorScale.rank("rank", result.model().vocabularySize().orElse(0), HeatMaps.RANK_THRESHOLD);
    }

    private static LayerGrid grid(LensResult result, LensTarget target, LayerGrid.CellSource cells) {
        return target.dependsOnPosition()
                ? LayerGrid.ofTargets(
                        result,
                        Rows.READ_POINTS,
                        result.positions(),
                        position -> result.targetToken(target, position).stream()
                                .mapToObj(result::token)
                                .findFirst(),
                        cells)
                : LayerGrid.ofPositions(result, Rows.READ_POINTS, result.positions(), cells);
    }

    /** The target of an index. */
    static LensTarget target(LensResult result, int target) {
        if (target < 0 || target >= result.targets().size()) {
            throw new IllegalArgumentException(
                    "the result has %d targets and no target %d; ask with LensRequest.Builder.target (--target on the command line)"
                            .formatted(result.targets().size(), target));
        }
        return result.targets().get(target).target();
    }

    private static String name(LensResult result, LensTarget target) {
        return HeatMaps.name(result.targets().get(result.info().targetIndex(target)));
    }

    private static String best(LayerResult row, int position) {
        return row.top(position).token().display();
    }

    private static double probability(LayerResult row, LensTarget target, int position) {
        return Math.exp(row.targetLogProb(target, position).orElse(Double.NaN));
    }
}
