package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import java.util.function.IntUnaryOperator;

/**
 * How a block of codes is stored: {@code number(code) * scale + bias}.
 *
 * @param bits of a code
 * @param number that a code stands for
 * @param part numbers with one scale
 * @param shared by a part
 * @param reader of the codes of a block
 * @param parts reads what each part of a block has
 */
record GgufCodes(int bits, IntUnaryOperator number, int part, Shared shared, Reader reader, PartReader parts) {

    /** Reads the codes of a block, one to a byte. */
    @FunctionalInterface
    interface Reader {
        void read(byte[] block, int from, byte[] codes, int at);
    }

    /** Reads the scale of each part of a block, and its bias if there is one. */
    @FunctionalInterface
    interface PartReader {
        void read(byte[] block, int from, float[] scales, float[] biases, int at);
    }

    /**
     * Decodes blocks.
     *
     * @param blocks bytes of whole blocks
     * @param blockNumbers numbers of a block
     */
    void decode(byte[] blocks, int blockBytes, int blockNumbers, float[] to, int at) {
        float[] table = table();
        byte[] places = new byte[blockNumbers];
        float[] scales = new float[blockNumbers / part];
        float[] biases = new float[scales.length];
        int next = at;
        for (int block = 0; block < blocks.length; block += blockBytes) {
            reader.read(blocks, block, places, 0);
            parts.read(blocks, block, scales, biases, 0);
            for (int i = 0; i < scales.length; i++, next += part) {
                shared.decode(table, places, i * part, part, scales[i], biases[i], to, next);
            }
        }
    }

    /** The numbers that codes stand for. */
    float[] table() {
        float[] table = new float[1 << bits];
        for (int code = 0; code < table.length; code++) {
            table[code] = number.applyAsInt(code);
        }
        return table;
    }
}
