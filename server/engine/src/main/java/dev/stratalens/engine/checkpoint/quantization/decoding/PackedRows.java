package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Codes;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Signed numbers of a few bits; each row is packed into whole words. The lowest number is stored as 0.
 *
 * @param words I32, [rows, words of a row]
 * @param bits per number, 1 .. 8
 * @param columns numbers of a row
 */
public record PackedRows(TensorInfo words, int bits, int columns) implements Decoding, Codes {

    @Override
    public int granularity() {
        return columns;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        byte[] codes = new byte[count];
        read(files, first, count, codes);
        for (int i = 0; i < count; i++) {
            to[at + i] = (codes[i] & 0xFF) - (1 << (bits - 1));
        }
    }

    @Override
    public Optional<Codes> codes() {
        return Optional.of(this);
    }

    @Override
    public float[] table(StoredBytes files) {
        return Codes.integers(bits, -(1 << (bits - 1)));
    }

    @Override
    public void read(StoredBytes files, long first, int count, byte[] to) {
        int rowBytes = (int) words.shape()[1] * Integer.BYTES;
        long firstRow = first / columns;
        int rows = (int) ((first + count - 1) / columns - firstRow) + 1;
        ByteBuffer bytes = files.read(words.file(), words.offset() + firstRow * rowBytes, rows * rowBytes);
        int column = (int) (first % columns);
        int row = 0;
        for (int i = 0; i < count; i++) {
            to[i] = (byte) PackedBits.number(bytes, row * rowBytes * Byte.SIZE, column, bits);
            if (++column == columns) {
                column = 0;
                row++;
            }
        }
    }
}
