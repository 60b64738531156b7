package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.CodedDecoding;
import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import dev.stratalens.engine.checkpoint.Codes;
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
        implements CodedDecoding, Codes {

    @Override
    public CodedNumbers numbers() {
        return new CodedNumbers(
                this,
                groupSize,
                Shared.SCALE_AND_BIAS,
                (files, first, count) -> new Groups(
                        StoredNumbers.read(files, scales, first, count),
                        StoredNumbers.read(files, biases, first, count)));
    }

    @Override
    public float[] table(StoredBytes files) {
        return Codes.integers(bits, 0);
    }

    @Override
    public void read(StoredBytes files, long first, int count, byte[] to) {
        ByteBuffer quants = files.read(
                packed.file(), packed.offset() + first * bits / Byte.SIZE, (int) ((long) count * bits / Byte.SIZE));
        for (int i = 0; i < count; i++) {
            to[i] = (byte) PackedBits.number(quants, i, bits);
        }
    }
}
