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

    /** Decodes the numbers of a block. */
    void decode(byte[] block, int from, int numbers, float[] to, int at) {
        byte[] places = new byte[numbers];
        float[] scales = new float[numbers / part];
        float[] biases = new float[scales.length];
        reader.read(block, from, places, 0);
        parts.read(block, from, scales, biases, 0);
        for (int i = 0; i < numbers; i++) {
            float scaled = number.applyAsInt(places[i] & 0xFF) * scales[i / part];
            to[at + i] = shared == Shared.SCALE ? scaled : scaled + biases[i / part];
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
