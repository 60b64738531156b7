package dev.stratalens.engine.checkpoint.quantization.decoding;

import java.util.Arrays;
import java.util.Optional;

/**
 * The scale of each number in a matrix, or in a stack of matrices: one for each block of rows and columns.
 *
 * @param rows of one matrix
 * @param columns of one matrix
 * @param blockRows rows with one scale; the last block may have fewer
 * @param blockColumns columns with one scale; the last block may have fewer
 */
public record ScaleGrid(long rows, int columns, long blockRows, int blockColumns) {

    private static final int MOST_COLUMNS = 1 << 24;

    /**
     * The grid that fits numbers and scales: one scale in all, one for each row, or blocks.
     *
     * @param numbers shape of the numbers, [.., rows, columns]
     * @param scales shape of the scales: one number, [rows], or [.., rows of blocks, columns of blocks]
     * @param declared rows and columns of a block, if the configuration says them; otherwise blocks divide the matrix
     *     evenly
     */
    public static Optional<ScaleGrid> of(long[] numbers, long[] scales, Optional<long[]> declared) {
        int rank = numbers.length;
        if (rank < 2
                || numbers[rank - 1] > MOST_COLUMNS
                || Arrays.stream(numbers).anyMatch(size -> size < 1)
                || Arrays.stream(scales).anyMatch(size -> size < 1)) {
            return Optional.empty();
        }
        long allRows = Arrays.stream(numbers, 0, rank - 1).reduce(1, (a, b) -> a * b);
        int columns = (int) numbers[rank - 1];
        if (Arrays.stream(scales).allMatch(size -> size == 1)) {
            return Optional.of(new ScaleGrid(allRows, columns, allRows, columns));
        }
        if (scales.length == 1 && rank == 2 && scales[0] == allRows) {
            return Optional.of(new ScaleGrid(allRows, columns, 1, columns));
        }
        if (scales.length != rank
                || !Arrays.equals(Arrays.copyOf(numbers, rank - 2), Arrays.copyOf(scales, rank - 2))) {
            return Optional.empty();
        }
        long rows = numbers[rank - 2];
        long down = scales[rank - 2];
        long across = scales[rank - 1];
        return declared.filter(block -> ceil(rows, block[0]) == down && ceil(columns, block[1]) == across)
                .or(() -> rows % down == 0 && columns % across == 0
                        ? Optional.of(new long[] {rows / down, columns / across})
                        : Optional.empty())
                .map(block -> new ScaleGrid(rows, columns, block[0], (int) Math.min(columns, block[1])));
    }

    private static long ceil(long size, long part) {
        return (size + part - 1) / part;
    }

    /** Scales of one row of blocks. */
    public int scaleColumns() {
        return (int) ceil(columns, blockColumns);
    }

    /** The row of scales for a row, counted over all matrices. */
    long scaleRow(long row) {
        return row / rows * ceil(rows, blockRows) + row % rows / blockRows;
    }
}
