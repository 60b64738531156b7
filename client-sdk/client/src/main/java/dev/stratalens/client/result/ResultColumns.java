package dev.stratalens.client.result;

import java.util.List;
import java.util.Map;

/**
 * A complete result as it is stored.
 *
 * @param info header and targets
 * @param layers one a layer, in the order of {@code info.layers()}
 * @param tracked one a position, in the order of {@code info.positions()}; empty if there are no trajectories
 * @param vocabulary texts of every id that occurs
 * @param selfCheck the server's check of itself
 * @param timings where the time went
 * @param facts what else the server says
 */
public record ResultColumns(
        RunInfo info,
        List<LayerColumns> layers,
        List<TrackedColumns> tracked,
        Map<Integer, Token> vocabulary,
        SelfCheck selfCheck,
        Timings timings,
        RunFacts facts) {

    /** Copies collections. */
    public ResultColumns {
        layers = List.copyOf(layers);
        tracked = List.copyOf(tracked);
        vocabulary = Map.copyOf(vocabulary);
    }
}
