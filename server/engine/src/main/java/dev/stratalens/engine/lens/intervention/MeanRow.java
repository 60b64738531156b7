package dev.stratalens.engine.lens.intervention;

import java.util.function.Consumer;

/** The mean of rows that come one after another. Not thread-safe. */
final class MeanRow implements Consumer<float[]> {

    private final int width;
    private final double[] sums;
    private long count;

    MeanRow(int width) {
        this.width = width;
        this.sums = new double[width];
    }

    /** @param rows one or more, row-major */
    @Override
    public void accept(float[] rows) {
        for (int i = 0; i < rows.length; i++) {
            sums[i % width] += rows[i];
        }
        count += rows.length / width;
    }

    double get(int column) {
        return sums[column] / count;
    }

    /** The columns from one on. */
    float[] columns(int first, int size) {
        var row = new float[size];
        for (int i = 0; i < size; i++) {
            row[i] = (float) get(first + i);
        }
        return row;
    }
}
