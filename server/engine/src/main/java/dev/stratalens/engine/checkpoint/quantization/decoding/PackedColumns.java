package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * As {@link PackedRows}, but each column is packed, from the first row on.
 *
 * @param words I32, [words of a column, columns]
 * @param bits per number, 1 .. 8
 * @param columns numbers of a row
 */
public record PackedColumns(TensorInfo words, int bits, int columns) implements Decoding {

    @Override
    public int granularity() {
        return columns;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        int rowBytes = columns * Integer.BYTES;
        for (int done = 0; done < count; done += columns) {
            long bit = (first + done) / columns * bits;
            long word = bit / Integer.SIZE;
            int within = (int) (bit % Integer.SIZE);
            boolean divided = within + bits > Integer.SIZE;
            ByteBuffer bytes = files.read(words.file(), words.offset() + word * rowBytes, rowBytes * (divided ? 2 : 1));
            for (int column = 0; column < columns; column++) {
                int number = bytes.getInt(column * Integer.BYTES) >>> within;
                if (divided) {
                    number |= bytes.getInt(rowBytes + column * Integer.BYTES) << (Integer.SIZE - within);
                }
                to[at + done + column] = (number & ((1 << bits) - 1)) - (1 << (bits - 1));
            }
        }
    }
}
