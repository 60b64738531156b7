package dev.stratalens.report.analysis;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A grid with one number for each layer and position; a cell may have none. Immutable, thread-safe, equal by value.
 * Throws {@link IllegalArgumentException} for layers and positions that it does not have.
 */
public final class LensGrid {

    /** Returns the number of a cell. */
    @FunctionalInterface
    public interface Cells {
        /** The number of a cell; empty if it has none. */
        OptionalDouble at(int layer, int position);
    }

    private final List<Integer> layers;
    private final List<Integer> positions;
    /** [layer][position], NaN for none. */
    private final double[][] values;

    /**
     * Reads every cell once.
     *
     * @param layers ascending
     * @param positions ascending
     */
    public LensGrid(List<Integer> layers, List<Integer> positions, Cells cells) {
        this.layers = List.copyOf(layers);
        this.positions = List.copyOf(positions);
        this.values = layers.stream()
                .map(layer -> positions.stream()
                        .mapToDouble(position -> cells.at(layer, position).orElse(Double.NaN))
                        .toArray())
                .toArray(double[][]::new);
    }

    /** The rows, ascending; -1 first if the embedding was read. */
    public List<Integer> layers() {
        return layers;
    }

    /** The columns, ascending. */
    public List<Integer> positions() {
        return positions;
    }

    /** The number of a cell; empty if it has none. */
    public OptionalDouble at(int layer, int position) {
        double value = values[index(layers, layer, "layer")][index(positions, position, "position")];
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The same with fewer columns. */
    public LensGrid at(List<Integer> fewerPositions) {
        return fewerPositions.equals(positions) ? this : new LensGrid(layers, fewerPositions, this::at);
    }

    /** Spread of a layer's numbers over the positions; empty if it has none. */
    public Optional<Spread> overPositions(int layer) {
        return Spread.of(values[index(layers, layer, "layer")]);
    }

    /** Spread of all numbers; empty if there is none. */
    public Optional<Spread> overall() {
        return Spread.of(Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray());
    }

    private static int index(List<Integer> ascending, int wanted, String what) {
        int index = Collections.binarySearch(ascending, wanted);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "%s %d is not in this grid, which has %s".formatted(what, wanted, ascending));
        }
        return index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LensGrid that
                && layers.equals(that.layers)
                && positions.equals(that.positions)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * layers.hashCode() + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return "LensGrid[layers=" + layers.size() + ", positions=" + positions.size() + "]";
    }
}
