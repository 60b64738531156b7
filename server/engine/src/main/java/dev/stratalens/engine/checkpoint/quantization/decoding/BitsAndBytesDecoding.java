package dev.stratalens.engine.checkpoint.quantization.decoding;

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
        implements Decoding {

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
        ByteBuffer halves = files.read(packed.file(), packed.offset() + first / 2, count / 2);
        float[] number = StoredNumbers.read(files, numbers, 0, NUMBERS);
        long firstBlock = first / block;
        int blocks = (int) ((first + count - 1) / block - firstBlock) + 1;
        float[] scales = StoredNumbers.read(files, absmax, firstBlock, blocks);
        nested.ifPresent(some -> some.decode(files, firstBlock, scales));
        for (int i = 0; i < count; i++) {
            int place = halves.get(i / 2) >> (i % 2 == 0 ? 4 : 0) & 0xF;
            to[at + i] = number[place] * scales[(int) ((first + i) / block - firstBlock)];
        }
    }
}
