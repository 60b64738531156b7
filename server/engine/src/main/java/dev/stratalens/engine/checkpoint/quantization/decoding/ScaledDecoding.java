package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import java.util.Optional;

/**
 * Numbers with a scale for each block, and sometimes a zero: {@code (q - zero) * scale}, in float32.
 *
 * @param zeros in the places of the scales
 * @param groups for each column the column of its scale, if columns are not in order
 */
public record ScaledDecoding(
        Decoding numbers, Decoding scales, ScaleGrid grid, Optional<Decoding> zeros, Optional<ColumnGroups> groups)
        implements Decoding {

    @Override
    public int granularity() {
        return grid.columns();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        numbers.decode(files, first, count, to, at);
        int columns = grid.columns();
        int[] group = groups.map(order -> order.read(files)).orElseGet(this::inOrder);
        float[] scale = new float[grid.scaleColumns()];
        float[] zero = new float[scale.length];
        long known = -1;
        for (int done = 0; done < count; done += columns) {
            long row = grid.scaleRow((first + done) / columns);
            if (row != known) {
                read(files, scales, row, scale);
                zeros.ifPresent(some -> read(files, some, row, zero));
                known = row;
            }
            for (int column = 0; column < columns; column++) {
                int i = at + done + column;
                to[i] = (to[i] - zero[group[column]]) * scale[group[column]];
            }
        }
    }

    private int[] inOrder() {
        int[] group = new int[grid.columns()];
        for (int column = 0; column < group.length; column++) {
            group[column] = column / grid.blockColumns();
        }
        return group;
    }

    private static void read(StoredBytes files, Decoding decoding, long row, float[] to) {
        decoding.decode(files, row * to.length, to.length, to, 0);
    }
}
