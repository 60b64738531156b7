package dev.stratalens.report.comparison;

import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Rule that pairs the layers of two results. The embedding is paired with the embedding only. */
public enum LayerAlignment {
    /** Blocks of the same number. */
    LAYER,
    /**
     * Blocks of the same relative depth: block {@code l} of {@code L} ends at {@code (l + 1) / L}, so that the last
     * blocks meet at 1. Two blocks are paired if each is nearest to the other; of equally near blocks the lower counts.
     */
    DEPTH;

    /** By number if the models have the same number of blocks, else by depth. */
    public static LayerAlignment fitting(LensResult a, LensResult b) {
        return a.model().layers() == b.model().layers() ? LAYER : DEPTH;
    }

    /** Relative depth of the end of a layer, 0 (the embedding) .. 1 (the last block). */
    public static double relativeDepth(int layer, int blocks) {
        return (layer + 1.0) / blocks;
    }

    /** Place of a layer; layers at the same place are paired. */
    double place(int layer, int blocks) {
        return this == LAYER ? layer : relativeDepth(layer, blocks);
    }

    /** Pairs, ascending in both results; each layer occurs at most once. */
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
