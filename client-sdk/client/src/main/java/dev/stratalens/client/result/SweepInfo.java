package dev.stratalens.client.result;

import dev.stratalens.client.model.ModelFacts;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What is known of a sweep before its cells.
 *
 * @param model the model
 * @param tokens of the prompt
 * @param layers blocks of the grid, ascending; 0 for the embedding
 * @param positions of the grid, ascending
 * @param heads of the grid, ascending; empty unless each head is changed alone
 * @param metricPosition where the metric is read
 * @param unchanged the metric without a change
 * @param source the metric of the source prompt; empty if there is none, or if it does not have the position
 */
public record SweepInfo(
        ModelFacts model,
        List<PromptToken> tokens,
        List<Integer> layers,
        List<Integer> positions,
        List<Integer> heads,
        int metricPosition,
        double unchanged,
        OptionalDouble source) {

    /** Copies the lists. */
    public SweepInfo {
        tokens = List.copyOf(tokens);
        layers = List.copyOf(layers);
        positions = List.copyOf(positions);
        heads = List.copyOf(heads);
    }

    /** Cells of one layer and position. */
    public int headCells() {
        return Math.max(1, heads.size());
    }

    /** Number of cells. */
    public long cellCount() {
        return (long) layers.size() * positions.size() * headCells();
    }
}
