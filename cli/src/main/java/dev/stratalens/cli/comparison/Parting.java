package dev.stratalens.cli.comparison;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.comparison.Comparison;
import dev.stratalens.report.comparison.ComparisonFigures;
import dev.stratalens.report.comparison.Divergence.Measure;
import dev.stratalens.report.comparison.LayerAlignment;
import dev.stratalens.report.comparison.LayerPair;
import dev.stratalens.report.comparison.PositionPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a comparison says, in words: how the runs were aligned, and where they part.
 *
 * @param measure how far apart they are
 * @param threshold from which distance on they have parted
 */
public record Parting(Comparison comparison, Measure measure, double threshold) {

    private static final int MOST_TOKENS_NAMED = 6;

    /** Names of the runs. */
    List<String> runs() {
        LensResult a = comparison.a();
        LensResult b = comparison.b();
        return List.of(
                "A: " + ComparisonFigures.name(a, b) + ", " + size(a),
                "B: " + ComparisonFigures.name(b, a) + ", " + size(b));
    }

    private static String size(LensResult result) {
        return "%d blocks, %d tokens"
                .formatted(result.model().layers(), result.tokens().size());
    }

    /** How layers, positions and tokens were aligned, and what could not be. */
    List<String> alignment() {
        List<String> sentences = new ArrayList<>();
        boolean byNumber = comparison.layerAlignment() == LayerAlignment.LAYER;
        sentences.add("Layers are aligned by %s: %s.%s%s"
                .formatted(
                        byNumber ? "number" : "relative depth",
                        pairs(comparison.layers().size()),
                        missing(
                                comparison.layersOnlyInA(),
                                comparison.a().layers().size(),
                                "layers of A"),
                        missing(
                                comparison.layersOnlyInB(),
                                comparison.b().layers().size(),
                                "layers of B")));
        var positions = comparison.positionAlignment();
        String how = switch (positions.rule()) {
            case ONLY_ONES -> "Each run was asked for one position";
            case SAME_TOKENS -> "Both prompts are the same tokens";
            case SAME_BYTES -> "The same text, other tokens: positions meet where tokens end at the same byte";
            case COMMON_TOKENS ->
                "Positions meet along the tokens that both prompts share, what was replaced from its end";
        };
        sentences.add("%s: %s.%s%s"
                .formatted(
                        how,
                        pairs(comparison.positions().size()),
                        missing(comparison.a(), positions.onlyInA(), "tokens of A"),
                        missing(comparison.b(), positions.onlyInB(), "tokens of B")));
        if (comparison.isMatchedByText()) {
            sentences.add("The vocabularies differ: predicted tokens are matched by their text.");
        }
        return sentences;
    }

    private static String pairs(int count) {
        return count == 1 ? "1 pair" : count + " pairs";
    }

    private static String missing(List<Integer> without, int of, String what) {
        return without.isEmpty()
                ? ""
                : " %d of %d %s have no counterpart: %s.".formatted(without.size(), of, what, listed(without));
    }

    private static String listed(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String missing(LensResult result, List<Integer> without, String what) {
        if (without.isEmpty()) {
            return "";
        }
        String tokens = without.stream()
                .limit(MOST_TOKENS_NAMED)
                .map(position -> position + " " + result.display(position))
                .collect(Collectors.joining(", "));
        return " %d of %d %s have no counterpart: %s%s."
                .formatted(
                        without.size(),
                        result.positions().size(),
                        what,
                        tokens,
                        without.size() > MOST_TOKENS_NAMED ? ", …" : "");
    }

    /** Where the runs are farthest apart. */
    String farthest() {
        Comparison.Cell cell = comparison.mostApart(measure);
        double distance =
                comparison.divergence(cell.layerIndex(), cell.positionIndex()).by(measure);
        if (distance == 0) {
            return "The runs are nowhere apart in what both know.";
        }
        LayerPair layer = comparison.layers().get(cell.layerIndex());
        PositionPair position = comparison.positions().get(cell.positionIndex());
        return String.format(
                Locale.ROOT,
                "Farthest apart after %s at layer %s: %s %.3f at least; A's best token is %s, B's %s.",
                token(cell.positionIndex()),
                name(layer),
                ComparisonFigures.name(measure),
                distance,
                comparison.a().top(layer.a(), position.a()).token().display(),
                comparison.b().top(layer.b(), position.b()).token().display());
    }

    /** How much of the distributions was compared, on average over all cells. */
    String coverage() {
        double sharedA = 0;
        double sharedB = 0;
        int cells = comparison.layers().size() * comparison.positions().size();
        for (int layer = 0; layer < comparison.layers().size(); layer++) {
            for (int position = 0; position < comparison.positions().size(); position++) {
                sharedA += comparison.divergence(layer, position).sharedA() / cells;
                sharedB += comparison.divergence(layer, position).sharedB() / cells;
            }
        }
        return String.format(
                Locale.ROOT,
                "Distances are lower bounds: both runs know the tokens that hold %.0f %% of A and %.0f %% of B, on"
                        + " average; of the rest, only what it is at least counts.",
                100 * sharedA,
                100 * sharedB);
    }

    /** The token or tokens of a pair of positions. */
    String token(int positionIndex) {
        PositionPair pair = comparison.positions().get(positionIndex);
        String a = comparison.a().display(pair.a());
        return comparison.isSameToken(positionIndex)
                ? a
                : a + "|" + comparison.b().display(pair.b());
    }

    /** The first layers at which the runs have parted, or a dash. */
    String first(OptionalInt layerIndex) {
        return layerIndex.isEmpty() ? "-" : name(comparison.layers().get(layerIndex.getAsInt()));
    }

    /** A pair of layers. */
    static String name(LayerPair layer) {
        return layer.a() == layer.b() ? name(layer.a()) : name(layer.a()) + "|" + name(layer.b());
    }

    private static String name(int layer) {
        return layer < 0 ? "embed" : Integer.toString(layer);
    }

    /** Titles of {@link #rows}. */
    List<String> titles() {
        return List.of(
                "pos",
                "token",
                "parts at layer",
                "other best token at",
                "farthest at",
                "distance",
                "A predicts",
                "B predicts");
    }

    /** One row a pair of positions: where its runs part. */
    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (int index = 0; index < comparison.positions().size(); index++) {
            PositionPair pair = comparison.positions().get(index);
            int most = comparison.mostApart(index, measure);
            rows.add(List.of(
                    pair.a() == pair.b() ? Integer.toString(pair.a()) : pair.a() + "|" + pair.b(),
                    token(index),
                    first(comparison.firstApart(index, measure, threshold)),
                    first(comparison.firstOtherTop(index)),
                    name(comparison.layers().get(most)),
                    String.format(
                            Locale.ROOT,
                            "%.3f",
                            comparison.divergence(most, index).by(measure)),
                    comparison.a().finalTop(pair.a()).token().display(),
                    comparison.b().finalTop(pair.b()).token().display()));
        }
        return rows;
    }

    /** What {@link #rows} show. */
    String rowsInWords() {
        return String.format(
                Locale.ROOT,
                "Where the runs part: the first layer with a %s of %s or more, the first with other best tokens, and"
                        + " where they are farthest apart",
                ComparisonFigures.name(measure),
                Double.toString(threshold));
    }
}
