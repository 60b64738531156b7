package dev.stratalens.cli.report;

import dev.stratalens.cli.table.Cell;
import dev.stratalens.cli.table.Grid;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.client.LensResult;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** A result as grids: one row a layer, the first block at the top. */
final class Grids {

    private static final String CORNER = "layer";

    private final LensResult result;

    Grids(LensResult result) {
        this.result = result;
    }

    /** Best token of every cell; one column a position. */
    Grid bestTokens() {
        List<Grid.Column> columns = new ArrayList<>();
        for (int position : result.positions()) {
            columns.add(column(positionHead(position), layer -> prediction(result.top(layer, position))));
        }
        return new Grid(CORNER, rowLabels(), columns);
    }

    /** The top-k of one position; one column a place. */
    Grid topK(int position) {
        List<Grid.Column> columns = new ArrayList<>();
        for (int place = 0; place < result.k(); place++) {
            int index = place;
            columns.add(column(
                    List.of("#" + (place + 1)),
                    layer -> prediction(result.topK(layer, position).get(index))));
        }
        return new Grid(CORNER, rowLabels(), columns);
    }

    /** Rank and probability of a target; one column a position, coloured by the logarithm of the rank. */
    Grid target(int targetIndex) {
        LensTarget target = result.targets().get(targetIndex).target();
        boolean differs = target instanceof LensTarget.NextToken || target instanceof LensTarget.FinalTop;
        List<Grid.Column> columns = new ArrayList<>();
        for (int position : result.positions()) {
            List<String> head = new ArrayList<>(positionHead(position));
            if (differs) {
                OptionalInt token = result.targetToken(targetIndex, position);
                head.add(
                        token.isEmpty()
                                ? "-"
                                : "⇒" + result.token(token.getAsInt()).display());
            }
            int rankWidth = rankWidth(targetIndex, position);
            columns.add(column(head, layer -> rank(targetIndex, layer, position, rankWidth)));
        }
        return new Grid(CORNER, rowLabels(), columns);
    }

    private List<String> positionHead(int position) {
        return List.of(
                Integer.toString(position),
                result.tokens().get(position).token().display());
    }

    private List<String> rowLabels() {
        return result.layers().stream()
                .map(layer -> layer < 0 ? "embed" : Integer.toString(layer))
                .toList();
    }

    private Grid.Column column(List<String> head, IntFunction<Cell> cell) {
        return new Grid.Column(head, result.layers().stream().map(cell::apply).toList());
    }

    private static Cell prediction(Prediction best) {
        double probability = best.probability();
        return new Cell(best.token().display(), Figures.probability(probability), probability);
    }

    private int rankWidth(int targetIndex, int position) {
        int highest = result.layers().stream()
                .mapToInt(layer -> result.rank(targetIndex, layer, position).orElse(0))
                .max()
                .orElse(0);
        return Integer.toString(highest).length();
    }

    private Cell rank(int targetIndex, int layer, int position, int rankWidth) {
        OptionalInt rank = result.rank(targetIndex, layer, position);
        if (rank.isEmpty()) {
            return Cell.EMPTY;
        }
        double probability =
                Math.exp(result.targetLogProb(targetIndex, layer, position).orElseThrow());
        double heat = 1 - Math.log(rank.getAsInt()) / Math.log(result.model().vocabularySize());
        String text = DisplayWidth.padLeft(Integer.toString(rank.getAsInt()), rankWidth);
        return new Cell(text + " " + Figures.probability(probability), "", heat);
    }
}
