package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Decodes GPTQ's matrices: numbers without gaps from the lowest bit on, in the direction of the inputs.
 *
 * @param words I32, [inputs * bits / 32, outputs]
 * @param zeros I32, [groups, outputs * bits / 32], packed in the direction of the outputs
 * @param bits per number
 * @param zeroOffset added to each stored zero
 */
public record GptqDecoding(Grouped matrix, TensorInfo words, TensorInfo zeros, int bits, int zeroOffset)
        implements Decoding {

    /** The number of outputs is a multiple of it, so that zeros fill whole words. */
    public static final int OUTPUTS = 32;

    @Override
    public int granularity() {
        return matrix.outputsAtOnce(OUTPUTS) * matrix.inputs();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        int outputs = count / matrix.inputs();
        int firstOutput = (int) (first / matrix.inputs());
        int[] packed = packed(files, firstOutput, outputs);
        int mask = (1 << bits) - 1;
        matrix.decode(
                files,
                firstOutput,
                outputs,
                zeros(files, firstOutput, outputs),
                (input, output) -> {
                    int bit = input * bits;
                    int place = bit / Integer.SIZE * outputs + output;
                    int within = bit % Integer.SIZE;
                    int number = packed[place] >>> within;
                    if (within + bits > Integer.SIZE) {
                        number |= packed[place + outputs] << (Integer.SIZE - within);
                    }
                    return number & mask;
                },
                to,
                at);
    }

    /** The words of some outputs, [words of an output, outputs]. */
    private int[] packed(StoredBytes files, int firstOutput, int outputs) {
        int rows = (int) words.shape()[0];
        int[] packed = new int[rows * outputs];
        for (int row = 0; row < rows; row++) {
            long place = (long) row * matrix.outputs() + firstOutput;
            files.read(words.file(), words.offset() + place * Integer.BYTES, outputs * Integer.BYTES)
                    .asIntBuffer()
                    .get(packed, row * outputs, outputs);
        }
        return packed;
    }

    private int[] zeros(StoredBytes files, int firstOutput, int outputs) {
        int[] all = new int[matrix.groups() * outputs];
        for (int group = 0; group < matrix.groups(); group++) {
            long bit = ((long) group * matrix.outputs() + firstOutput) * bits;
            ByteBuffer row = files.read(zeros.file(), zeros.offset() + bit / Byte.SIZE, outputs * bits / Byte.SIZE);
            for (int output = 0; output < outputs; output++) {
                all[group * outputs + output] = PackedBits.number(row, output, bits) + zeroOffset;
            }
        }
        return all;
    }
}
