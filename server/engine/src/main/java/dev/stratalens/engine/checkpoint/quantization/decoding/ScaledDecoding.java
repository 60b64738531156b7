package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
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

    /** Codes, if each group is in one row, and columns are in order. */
    @Override
    public Optional<CodedNumbers> coded() {
        return numbers.codes()
                .filter(some -> groups.isEmpty() && grid.columns() % grid.blockColumns() == 0)
                .map(some -> new CodedNumbers(
                        some,
                        grid.blockColumns(),
                        zeros.isPresent() ? Shared.SCALE_AND_ZERO : Shared.SCALE,
                        this::groups));
    }

    private Groups groups(StoredBytes files, long first, int count) {
        float[] shared = new float[count];
        float[] zero = new float[zeros.isPresent() ? count : 0];
        float[] row = new float[grid.scaleColumns()];
        for (int done = 0; done < count; ) {
            int within = (int) ((first + done) % row.length);
            int some = Math.min(count - done, row.length - within);
            long stored = grid.scaleRow((first + done) / row.length);
            read(files, scales, stored, row);
            System.arraycopy(row, within, shared, done, some);
            if (zeros.isPresent()) {
                read(files, zeros.orElseThrow(), stored, row);
                System.arraycopy(row, within, zero, done, some);
            }
            done += some;
        }
        return new Groups(shared, zero);
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
