package dev.stratalens.engine.checkpoint.quantization.decoding;

import java.nio.ByteBuffer;

/** Unsigned numbers of 1 to 8 bits without gaps, from the lowest bit of the first byte on. */
public final class PackedBits {

    private PackedBits() {}

    static int number(ByteBuffer bytes, int index, int bits) {
        return number(bytes, 0, index, bits);
    }

    /** @param start first bit of the numbers */
    static int number(ByteBuffer bytes, int start, int index, int bits) {
        int bit = start + index * bits;
        int place = bit / Byte.SIZE;
        int within = bit % Byte.SIZE;
        int number = bytes.get(place) & 0xFF;
        if (within + bits > Byte.SIZE) {
            number |= (bytes.get(place + 1) & 0xFF) << Byte.SIZE;
        }
        return number >> within & ((1 << bits) - 1);
    }
}
