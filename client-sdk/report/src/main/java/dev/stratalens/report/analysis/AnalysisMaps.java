package dev.stratalens.report.analysis;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.LayerGrid;
import dev.stratalens.report.figure.LayerGrid.Rows;
import dev.stratalens.report.figure.NumberText;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Analyses of every layer and position as heat maps, and names of followed tokens. */
public final class AnalysisMaps {

    /** The cell at a layer and a position. */
    @FunctionalInterface
    private interface CellOfLayer {
        Cell at(int layer, int position);
    }

    private AnalysisMaps() {}

    /**
     * Probability and rank of followed tokens, colored by the rank.
     *
     * @param positions those of the result to show
     */
    public static HeatMap ranks(FollowedTokens tokens, List<Integer> positions) {
        LensResult result = tokens.result();
        return map(
                tokens,
                positions,
                "Probability and rank (1 is the top) of " + name(tokens),
                ColorScale.rank("rank", result.model().vocabularySize().orElse(0), HeatMaps.RANK_THRESHOLD),
                (layer, position) -> {
                    OptionalInt rank = tokens.rank(layer, position);
                    if (rank.isEmpty()) {
                        return Cell.EMPTY;
                    }
                    double probability = tokens.probability(layer, position).orElse(Double.NaN);
                    return new Cell(
                            NumberText.probability(probability), rank.getAsInt(), Integer.toString(rank.getAsInt()));
                });
    }

    /** Logit of followed tokens. */
    public static HeatMap logits(FollowedTokens tokens, List<Integer> positions) {
        LensGrid grid = LensViews.logit(tokens);
        Spread spread = grid.overall().orElse(new Spread(1, 0, 0, 0, 1));
        return map(
                tokens,
                positions,
                "Logit of " + name(tokens),
                ColorScale.sequential("logit", "", spread.lowest(), spread.highest()),
                (layer, position) -> number(grid.at(layer, position), false));
    }

    /** Log-odds of a target against an anti-target. */
    public static HeatMap logOdds(Contrast contrast, List<Integer> positions) {
        LensGrid grid = contrast.logOdds();
        double bound = grid.overall()
                .map(spread -> Math.max(Math.abs(spread.lowest()), Math.abs(spread.highest())))
                .orElse(1.0);
        return map(
                contrast.target(),
                positions,
                "Log-odds of %s against %s".formatted(name(contrast.target()), name(contrast.against())),
                ColorScale.diverging("log-odds", "nats", bound),
                (layer, position) -> number(grid.at(layer, position), true));
    }

    /** The name of followed tokens: the tokens, or their meaning at each position. */
    public static String name(FollowedTokens tokens) {
        if (tokens.targets().size() == 1) {
            return HeatMaps.name(tokens.targets().get(0));
        }
        return shortName(tokens);
    }

    /** A short name of followed tokens: the tokens, with a plus between those that are summed. */
    public static String shortName(FollowedTokens tokens) {
        if (tokens.targets().size() == 1) {
            LensTarget target = tokens.targets().get(0).target();
            if (target.dependsOnPosition()) {
                return TargetGroup.name(target);
            }
        }
        return tokens.tokens(tokens.result().positions().get(0)).stream()
                .map(Token::display)
                .collect(Collectors.joining(" + "));
    }

    private static Cell number(OptionalDouble value, boolean signed) {
        double number = value.orElse(Double.NaN);
        String text = signed ? NumberText.signed(number) : NumberText.decimals(number);
        return value.isEmpty() ? Cell.EMPTY : new Cell("", number, text);
    }

    private static HeatMap map(
            FollowedTokens tokens, List<Integer> positions, String title, ColorScale scale, CellOfLayer cells) {
        LayerGrid.CellSource rows = (row, position) -> cells.at(row.layer(), position);
        LayerGrid grid =
                tokens.targets().stream().anyMatch(info -> info.target().dependsOnPosition())
                        ? LayerGrid.ofTargets(
                                tokens.result(),
                                Rows.LAYERS,
                                positions,
                                position -> tokens.tokens(position).stream().findFirst(),
                                rows)
                        : LayerGrid.ofPositions(tokens.result(), Rows.LAYERS, positions, rows);
        return grid.heatMap(title, scale);
    }
}
