package dev.stratalens.engine.checkpoint.gguf;

import static dev.stratalens.engine.checkpoint.gguf.GgufBlocks.half;
import static dev.stratalens.engine.checkpoint.gguf.GgufBlocks.int16;
import static dev.stratalens.engine.checkpoint.gguf.GgufBlocks.int32;

import dev.stratalens.engine.checkpoint.StoredNumbers;

/** Decodes blocks of 256 numbers whose groups of 8 or 4 are entries of a {@link GgufGrid}. */
final class GgufGridBlocks {

    private static final int NUMBERS = 256;

    /** Numbers with one byte of signs. */
    private static final int SIGNED = 8;

    /** Numbers of which 4 bytes have the signs and the scale. */
    private static final int PART = 32;

    private static final float SHIFT = 0.125f;

    private GgufGridBlocks() {}

    /** d; for each 32 numbers 4 entries and a word: four times 7 bits of signs, 4 bits of scale. */
    static void iq2xxs(byte[] block, int from, float[] to, int at) {
        for (int part = 0; part < NUMBERS / PART; part++) {
            int entries = from + 2 + part * 8;
            int word = int32(block, entries + 4);
            float scale = half(block, from) * (0.5f + (word >>> 28)) * 0.25f;
            for (int i = 0; i < 4; i++) {
                int signs = signs(word >>> (7 * i) & 0x7F);
                signed(GgufGrid.IQ2_XXS, block[entries + i] & 0xFF, scale, signs, to, at + part * PART + i * SIGNED);
            }
        }
    }

    /** d, 32 words of 9 bits of entry and 7 of signs, 16 scales of 4 bits. */
    static void iq2xs(byte[] block, int from, float[] to, int at) {
        int scales = from + 2 + 64;
        for (int i = 0; i < NUMBERS / SIGNED; i++) {
            int word = int16(block, from + 2 + 2 * i);
            float scale = half(block, from) * (0.5f + nibble(block, scales, i / 2)) * 0.25f;
            signed(GgufGrid.IQ2_XS, word & 0x1FF, scale, signs(word >> 9), to, at + i * SIGNED);
        }
    }

    /** d, the lower 8 bits of 32 entries, 32 bytes of signs, the upper 2 bits of entries, 16 scales of 4 bits. */
    static void iq2s(byte[] block, int from, float[] to, int at) {
        int signs = from + 2 + 32;
        int high = signs + 32;
        int scales = high + 8;
        for (int i = 0; i < NUMBERS / SIGNED; i++) {
            int entry = (block[from + 2 + i] & 0xFF) | ((block[high + i / 4] >> (i % 4 * 2) & 3) << 8);
            float scale = half(block, from) * (0.5f + nibble(block, scales, i / 2)) * 0.25f;
            signed(GgufGrid.IQ2_S, entry, scale, block[signs + i], to, at + i * SIGNED);
        }
    }

    /** d, 64 entries of 4 numbers; for each 32 numbers a word: four times 7 bits of signs, 4 bits of scale. */
    static void iq3xxs(byte[] block, int from, float[] to, int at) {
        for (int part = 0; part < NUMBERS / PART; part++) {
            int word = int32(block, from + 2 + 64 + part * 4);
            float scale = half(block, from) * (0.5f + (word >>> 28)) * 0.5f;
            for (int i = 0; i < 8; i++) {
                int signs = signs(word >>> (i / 2 * 7) & 0x7F) >> (i % 2 * 4);
                int entry = block[from + 2 + part * 8 + i] & 0xFF;
                signed(GgufGrid.IQ3_XXS, entry, scale, signs, to, at + part * PART + i * 4);
            }
        }
    }

    /** d, the lower 8 bits of 64 entries of 4 numbers, their highest bits, 32 bytes of signs, 8 scales of 4 bits. */
    static void iq3s(byte[] block, int from, float[] to, int at) {
        int high = from + 2 + 64;
        int signs = high + 8;
        int scales = signs + 32;
        for (int i = 0; i < NUMBERS / 4; i++) {
            int entry = (block[from + 2 + i] & 0xFF) | ((block[high + i / 8] >> (i % 8) & 1) << 8);
            float scale = half(block, from) * (1 + 2 * nibble(block, scales, i / 8));
            signed(GgufGrid.IQ3_S, entry, scale, block[signs + i / 2] >> (i % 2 * 4), to, at + i * 4);
        }
    }

    /** d, the lower 8 bits of 32 entries; for each 32 numbers 4 times 3 bits of entry, 3 bits of scale, a sign of the shift. */
    static void iq1s(byte[] block, int from, float[] to, int at) {
        for (int i = 0; i < NUMBERS / SIGNED; i++) {
            int word = int16(block, from + 2 + 32 + i / 4 * 2);
            int entry = (block[from + 2 + i] & 0xFF) | ((word >> (i % 4 * 3) & 7) << 8);
            float scale = half(block, from) * (2 * (word >> 12 & 7) + 1);
            shifted(entry, scale, (word & 0x8000) == 0 ? SHIFT : -SHIFT, to, at + i * SIGNED);
        }
    }

    /**
     * The lower 8 bits of 32 entries; for each 4 bits: 3 of entry, a sign of the shift; four words of four scales of 3
     * bits. The upper 4 bits of these words are d.
     */
    static void iq1m(byte[] block, int from, float[] to, int at) {
        int high = from + 32;
        int scales = high + 16;
        int whole = 0;
        for (int i = 0; i < 4; i++) {
            whole |= (int16(block, scales + 2 * i) >> 12) << (4 * i);
        }
        for (int i = 0; i < NUMBERS / SIGNED; i++) {
            int more = nibble(block, high, i);
            int group = i / 2;
            int scale = int16(block, scales + group / 4 * 2) >> (group % 4 * 3) & 7;
            shifted(
                    (block[from + i] & 0xFF) | ((more & 7) << 8),
                    StoredNumbers.half((short) whole) * (2 * scale + 1),
                    (more & 8) == 0 ? SHIFT : -SHIFT,
                    to,
                    at + i * SIGNED);
        }
    }

    private static void signed(GgufGrid grid, int entry, float scale, int signs, float[] to, int at) {
        for (int i = 0; i < grid.size(); i++) {
            float number = scale * grid.number(entry, i);
            to[at + i] = (signs >> i & 1) == 0 ? number : -number;
        }
    }

    private static void shifted(int entry, float scale, float shift, float[] to, int at) {
        for (int i = 0; i < SIGNED; i++) {
            to[at + i] = scale * (GgufGrid.IQ1_S.number(entry, i) + shift);
        }
    }

    /** Seven signs are stored; the eighth makes their number even. */
    private static int signs(int seven) {
        return seven | ((Integer.bitCount(seven) & 1) << 7);
    }

    private static int nibble(byte[] block, int start, int index) {
        return block[start + index / 2] >> (index % 2 * 4) & 0xF;
    }
}
