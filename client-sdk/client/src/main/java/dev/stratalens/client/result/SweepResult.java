package dev.stratalens.client.result;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * A complete sweep. Immutable, equal by value.
 *
 * @param info what was known before the cells
 * @param cells by layer, then position, then head
 * @param queued time in the server's queue
 * @param computed time in forward passes and head
 */
public record SweepResult(SweepInfo info, List<SweepCell> cells, Duration queued, Duration computed) {

    /** Copies the list. */
    public SweepResult {
        cells = List.copyOf(cells);
    }

    /** The metric after a change of a row, or of all its heads of the request. */
    public float value(int layer, int position) {
        return find(layer, position, OptionalInt.empty());
    }

    /** The metric after a change of one head. */
    public float value(int layer, int position, int head) {
        return find(layer, position, OptionalInt.of(head));
    }

    private float find(int layer, int position, OptionalInt head) {
        return cells.stream()
                .filter(cell -> cell.layer() == layer
                        && cell.position() == position
                        && cell.head().equals(head))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no cell of layer %d, position %d, head %s; there are layers %s, positions %s, heads %s"
                                .formatted(layer, position, head, info.layers(), info.positions(), info.heads())))
                .value();
    }
}
