package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import dev.stratalens.engine.checkpoint.Codes;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes the 4-bit formats of bitsandbytes: places in a list of 16 numbers, the upper half of a byte first, with a
 * scale for each block.
 *
 * @param packed two numbers per byte, of any type
 * @param numbers F32 [16]
 * @param absmax F32 scales; with {@code nested}, U8 places in its list
 * @param block numbers with one scale
 * @param nested the scales of the scales, if they are quantized, too
 */
public record BitsAndBytesDecoding(
        TensorInfo packed, TensorInfo numbers, TensorInfo absmax, int block, Optional<Nested> nested)
        implements Decoding, Codes {

    private static final int BITS = 4;

    /** Numbers that 4 bits choose from. */
    public static final int NUMBERS = 16;

    /** Numbers that a quantized scale chooses from. */
    public static final int NESTED_NUMBERS = 256;

    /**
     * Quantized scales: {@code numbers[q] * absmax + offset}.
     *
     * @param absmax F32, one for each block of scales
     * @param numbers F32 [256]
     */
    public record Nested(TensorInfo absmax, TensorInfo numbers, int block, float offset) {

        void decode(StoredBytes files, long first, float[] scales) {
            float[] number = StoredNumbers.read(files, numbers, 0, NESTED_NUMBERS);
            long firstBlock = first / block;
            int blocks = (int) ((first + scales.length - 1) / block - firstBlock) + 1;
            float[] scale = StoredNumbers.read(files, absmax, firstBlock, blocks);
            for (int i = 0; i < scales.length; i++) {
                scales[i] = number[(int) scales[i]] * scale[(int) ((first + i) / block - firstBlock)] + offset;
            }
        }
    }

    @Override
    public int granularity() {
        return 2;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        byte[] codes = new byte[count];
        read(files, first, count, codes);
        float[] number = table(files);
        long firstBlock = first / block;
        float[] scales = scales(files, firstBlock, (int) ((first + count - 1) / block - firstBlock) + 1);
        for (int i = 0; i < count; i++) {
            to[at + i] = number[codes[i]] * scales[(int) ((first + i) / block - firstBlock)];
        }
    }

    private float[] scales(StoredBytes files, long first, int count) {
        float[] scales = StoredNumbers.read(files, absmax, first, count);
        nested.ifPresent(some -> some.decode(files, first, scales));
        return scales;
    }

    @Override
    public Optional<CodedNumbers> coded() {
        return packed.byteCount() * 2 % block == 0
                ? Optional.of(new CodedNumbers(
                        this,
                        block,
                        Shared.SCALE,
                        (files, first, count) -> new Groups(scales(files, first, count), new float[0])))
                : Optional.empty();
    }

    @Override
    public int bits() {
        return BITS;
    }

    @Override
    public float[] table(StoredBytes files) {
        return StoredNumbers.read(files, numbers, 0, NUMBERS);
    }

    @Override
    public void read(StoredBytes files, long first, int count, byte[] to) {
        ByteBuffer halves = files.read(packed.file(), packed.offset() + first / 2, count / 2);
        for (int i = 0; i < count; i++) {
            to[i] = (byte) (halves.get(i / 2) >> (i % 2 == 0 ? BITS : 0) & 0xF);
        }
    }
}
