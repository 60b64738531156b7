package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Signed numbers of a few bits; each row is packed into whole words. The lowest number is stored as 0.
 *
 * @param words I32, [rows, words of a row]
 * @param bits per number, 1 .. 8
 * @param columns numbers of a row
 */
public record PackedRows(TensorInfo words, int bits, int columns) implements Decoding {

    @Override
    public int granularity() {
        return columns;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        int rowBytes = (int) words.shape()[1] * Integer.BYTES;
        int rows = count / columns;
        ByteBuffer bytes = files.read(words.file(), words.offset() + first / columns * rowBytes, rows * rowBytes);
        for (int row = 0; row < rows; row++) {
            ByteBuffer packed = bytes.slice(row * rowBytes, rowBytes);
            for (int column = 0; column < columns; column++) {
                to[at + row * columns + column] = PackedBits.number(packed, column, bits) - (1 << (bits - 1));
            }
        }
    }
}
