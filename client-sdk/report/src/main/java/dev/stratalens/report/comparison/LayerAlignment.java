package dev.stratalens.report.comparison;

import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Which layer of one run is held against which of another. The embedding is held against the embedding only. */
public enum LayerAlignment {
    /** Blocks of the same number. */
    LAYER,
    /**
     * Blocks of the same relative depth: block {@code l} of {@code L} ends at {@code (l + 1) / L}, so that the last blocks
     * meet at 1. Paired are two blocks each of which is the nearest to the other, of equally near ones the lower.
     */
    DEPTH;

    /** By number where the models have equally many blocks, else by depth. */
    public static LayerAlignment fitting(LensResult a, LensResult b) {
        return a.model().layers() == b.model().layers() ? LAYER : DEPTH;
    }

    /** Where a layer ends, 0 (the embedding) .. 1 (the last block). */
    public static double relativeDepth(int layer, int blocks) {
        return (layer + 1.0) / blocks;
    }

    /** Where a layer is compared: layers in the same place meet. */
    double place(int layer, int blocks) {
        return this == LAYER ? layer : relativeDepth(layer, blocks);
    }

    /** The pairs, ascending in both runs; each layer occurs once at most. */
    List<LayerPair> pairs(LensResult a, LensResult b) {
        ToDoubleFunction<Integer> placeA = layer -> place(layer, a.model().layers());
        ToDoubleFunction<Integer> placeB = layer -> place(layer, b.model().layers());
        List<LayerPair> pairs = new ArrayList<>();
        if (a.layers().contains(-1) && b.layers().contains(-1)) {
            pairs.add(new LayerPair(-1, -1));
        }
        List<Integer> blocksA = blocks(a);
        List<Integer> blocksB = blocks(b);
        for (int layer : blocksA) {
            double here = placeA.applyAsDouble(layer);
            int other = nearest(here, blocksB, placeB);
            if (other < 0 || Math.abs(placeB.applyAsDouble(other) - here) > (this == LAYER ? 0 : 1)) {
                continue;
            }
            if (nearest(placeB.applyAsDouble(other), blocksA, placeA) == layer) {
                pairs.add(new LayerPair(layer, other));
            }
        }
        return pairs;
    }

    private static List<Integer> blocks(LensResult result) {
        return result.layers().stream().filter(layer -> layer >= 0).toList();
    }

    private static int nearest(double place, List<Integer> blocks, ToDoubleFunction<Integer> places) {
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int block : blocks) {
            double distance = Math.abs(places.applyAsDouble(block) - place);
            if (distance < least - 1e-12) { // depths are quotients: equally near ones differ by their rounding
                least = distance;
                nearest = block;
            }
        }
        return nearest;
    }
}
