package dev.stratalens.engine.checkpoint;

/**
 * A matrix [columns, rows] made [rows, columns].
 *
 * @param stored the matrix [columns, rows]
 * @param rows of this one; whole blocks of the stored one
 * @param columns of this one
 */
public record Transposition(Decoding stored, int rows, int columns) implements Decoding {

    /** Rows that are made together: as many as one block of the other tensor reaches over. */
    @Override
    public int granularity() {
        return Math.multiplyExact(stored.granularity(), columns);
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        int firstRow = (int) (first / columns);
        int rowCount = count / columns;
        float[] part = new float[rowCount];
        for (int column = 0; column < columns; column++) {
            stored.decode(files, (long) column * rows + firstRow, rowCount, part, 0);
            for (int row = 0; row < rowCount; row++) {
                to[at + row * columns + column] = part[row];
            }
        }
    }
}
