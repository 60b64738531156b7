package dev.stratalens.report.figure;

import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.LayerGrid.Rows;
import java.util.List;
import java.util.stream.Collectors;

/** The classic views of one result: one row per layer, the first at the top, with the rows inside its block above it; one column per position. */
public final class HeatMaps {

    /** A rank up to this counts as found; the scale marks it. */
    public static final int RANK_THRESHOLD = 10;

    private HeatMaps() {}

    /**
     * The best token of every cell with a number beside it, colored by the number.
     *
     * @param target index of the target, for the modes that need one; else ignored
     * @throws IllegalArgumentException if the result lacks the numbers of the mode; the message says what to request
     */
    public static HeatMap bestTokens(LensResult result, ColorMode mode, int target) {
        if (mode instanceof ColorMode.OfStatistic of) {
            return StatisticMaps.statistic(result, of.statistic());
        }
        return switch ((ColorMode.Own) mode) {
            case PROBABILITY -> StatisticMaps.probability(result);
            case TARGET -> TargetMaps.probability(result, TargetMaps.target(result, target));
            case RANK -> TargetMaps.rank(result, TargetMaps.target(result, target));
            case LOGIT -> StatisticMaps.logit(result);
            case AGREEMENT -> StatisticMaps.agreement(result);
        };
    }

    /** Rank and probability of a target, without words, colored by the rank. */
    public static HeatMap target(LensResult result, int target) {
        return TargetMaps.rankAndProbability(result, TargetMaps.target(result, target));
    }

    /** The top-k of one position, colored by probability; one column per place. */
    public static HeatMap topK(LensResult result, int position) {
        LayerGrid grid = new LayerGrid(result, Rows.READ_POINTS, "place");
        for (int place = 0; place < result.k(); place++) {
            int index = place;
            grid.column(List.of("#" + (place + 1)), row -> {
                Prediction prediction = row.topK(position).get(index);
                double probability = prediction.probability();
                return new Cell(prediction.token().display(), probability, NumberText.probability(probability));
            });
        }
        String token = result.display(position);
        return grid.heatMap(
                "%s after %s (position %d)".formatted(predictions(result), token, position),
                ColorScale.probability("probability"));
    }

    /** What the predictions of a cell are. */
    private static String predictions(LensResult result) {
        Candidates rule = result.info().candidates();
        if (rule.areMostLikely()) {
            return "The %d likeliest next tokens".formatted(result.k());
        }
        String reference = rule.block().isPresent()
                ? "layer " + rule.block().getAsInt()
                : rule.lens()
                        .map(lens -> "the lens " + lens.map().orElse(lens.name()))
                        .orElse("");
        String others = reference.isEmpty() ? rule.name().replace('-', ' ') : "likelier than in " + reference;
        return "The likeliest next token and %d others (%s)".formatted(result.k() - 1, others);
    }

    /** Name of a layer. */
    public static String layerName(int layer) {
        return layer < 0 ? "embed" : Integer.toString(layer);
    }

    /** Name of a row: of a layer, or in a block what is read there. */
    public static String rowName(ReadPoint readPoint) {
        return switch (readPoint.site()) {
            case EMBEDDING, BLOCK_OUTPUT -> layerName(readPoint.layer());
            case ATTENTION_OUTPUT -> readPoint.block() + " attn";
            case ATTENTION_RESIDUAL -> readPoint.block() + " mid";
            case FEED_FORWARD_OUTPUT -> readPoint.block() + " ff";
        };
    }

    /** A note with the model, the lens if there are several, and remarks about the numbers. */
    public static String note(LensResult result) {
        String lens = lensNote(result);
        return result.model().name()
                + (lens.isEmpty() ? "" : ", " + lens)
                + (result.info().approximate() ? ", low precision: ranks, entropy and KL are approximate" : "");
    }

    /**
     * A note about the lens of a result: its name if there are several, or its difference from the logit lens; empty
     * for the logit lens alone.
     */
    public static String lensNote(LensResult result) {
        if (result.lenses().size() > 1) {
            return "lens %s (of %s)"
                    .formatted(
                            result.lens(),
                            result.lenses().stream().map(Lens::name).collect(Collectors.joining(", ")));
        }
        return result.lens().skipsFinalNorm()
                ? "decoded without the final norm"
                : result.lens().map().map(map -> "lens " + map).orElse("");
    }

    /** Name of a target: its token, or its meaning at each position. */
    public static String name(TargetInfo info) {
        if (info.target() instanceof LensTarget.NextToken) {
            return "the prompt's own next token";
        }
        if (info.target() instanceof LensTarget.FinalTop) {
            return "the model's final prediction";
        }
        Token followed = info.tokens().get(0);
        String name = followed.display() + ", id " + followed.id();
        if (info.tokens().size() == 1) {
            return name;
        }
        String all = info.tokens().stream().map(Token::display).collect(Collectors.joining(" "));
        return "%s, the first token of %s".formatted(name, all);
    }
}
