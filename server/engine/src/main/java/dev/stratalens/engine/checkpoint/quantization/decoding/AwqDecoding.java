package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * Decodes AWQ's matrices: words of eight outputs of 4 bits, the even outputs in the lower half.
 *
 * @param words I32, [inputs, outputs / 8]
 * @param zeros I32, [groups, outputs / 8]
 */
public record AwqDecoding(Grouped matrix, TensorInfo words, TensorInfo zeros) implements Decoding {

    /** Outputs of a word. */
    public static final int OUTPUTS = 8;

    private static final int BITS = 4;

    @Override
    public int granularity() {
        return matrix.outputsAtOnce(OUTPUTS) * matrix.inputs();
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        int outputs = count / matrix.inputs();
        int firstOutput = (int) (first / matrix.inputs());
        int[] numbers = words(files, words, matrix.inputs(), firstOutput, outputs);
        int[] zero = words(files, zeros, matrix.groups(), firstOutput, outputs);
        int[] zeroOfGroup = new int[matrix.groups() * outputs];
        for (int i = 0; i < zeroOfGroup.length; i++) {
            zeroOfGroup[i] = number(zero, i / outputs, i % outputs, outputs);
        }
        matrix.decode(
                files,
                firstOutput,
                outputs,
                zeroOfGroup,
                (input, output) -> number(numbers, input, output, outputs),
                to,
                at);
    }

    private static int number(int[] words, int row, int output, int outputs) {
        int within = output % OUTPUTS;
        int place = within / 2 + within % 2 * (OUTPUTS / 2);
        return words[(row * outputs + output) / OUTPUTS] >>> (place * BITS) & 0xF;
    }

    /** The words of some outputs, [rows, outputs / 8]. */
    private int[] words(StoredBytes files, TensorInfo tensor, int rows, int firstOutput, int outputs) {
        int wordsOfRow = outputs / OUTPUTS;
        int[] words = new int[rows * wordsOfRow];
        for (int row = 0; row < rows; row++) {
            long place = ((long) row * matrix.outputs() + firstOutput) / OUTPUTS;
            ByteBuffer bytes =
                    files.read(tensor.file(), tensor.offset() + place * Integer.BYTES, wordsOfRow * Integer.BYTES);
            bytes.asIntBuffer().get(words, row * wordsOfRow, wordsOfRow);
        }
        return words;
    }
}
