package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Decodes MLX's affine quantization: unsigned numbers of a few bits, packed from the lowest bit, with a scale and a
 * bias for each group: {@code w = scale * q + bias}.
 *
 * @param packed U32, [.., inputs * bits / 32]
 * @param scales [.., inputs / groupSize]
 * @param biases same shape as the scales
 * @param groupSize numbers per scale; a multiple of 8
 * @param bits per number, 2 .. 8
 */
public record MlxDecoding(TensorInfo packed, TensorInfo scales, TensorInfo biases, int groupSize, int bits)
        implements Decoding {

    @Override
    public int granularity() {
        return groupSize;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        ByteBuffer quants = files.read(
                packed.file(), packed.offset() + first * bits / Byte.SIZE, (int) ((long) count * bits / Byte.SIZE));
        float[] scale = StoredNumbers.read(files, scales, first / groupSize, count / groupSize);
        float[] bias = StoredNumbers.read(files, biases, first / groupSize, count / groupSize);
        for (int i = 0; i < count; i++) {
            int group = i / groupSize;
            to[at + i] = scale[group] * PackedBits.number(quants, i, bits) + bias[group];
        }
    }
}
