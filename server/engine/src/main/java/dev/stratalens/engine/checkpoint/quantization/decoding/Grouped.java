package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.Optional;

/**
 * Matrices that are stored inputs first, with a scale for each output and group of inputs.
 *
 * @param scales [groups, outputs]
 * @param groups number of groups
 * @param order group of each input; empty if groups follow each other
 */
public record Grouped(int inputs, int outputs, TensorInfo scales, int groups, Optional<ColumnGroups> order) {

    /** Most numbers that are decoded together: 8 MiB of float32. */
    private static final int MOST = 1 << 21;

    /** The stored numbers of an input and an output. */
    @FunctionalInterface
    interface Quants {
        int at(int input, int output);
    }

    /** A whole multiple of {@code step} outputs that divides all: reading many at once takes fewer reads. */
    int outputsAtOnce(int step) {
        int best = step;
        for (int some = step; some <= outputs && (long) some * inputs <= MOST; some += step) {
            if (outputs % some == 0) {
                best = some;
            }
        }
        return best;
    }

    /** The group of each input. */
    int[] groupOfInput(StoredBytes files) {
        return order.map(some -> some.read(files)).orElseGet(() -> {
            int[] group = new int[inputs];
            for (int input = 0; input < inputs; input++) {
                group[input] = (int) ((long) input * groups / inputs);
            }
            return group;
        });
    }

    /** Scales of some outputs, [groups, count]. */
    float[] scales(StoredBytes files, int firstOutput, int count) {
        float[] all = new float[groups * count];
        for (int group = 0; group < groups; group++) {
            float[] row = StoredNumbers.read(files, scales, (long) group * outputs + firstOutput, count);
            System.arraycopy(row, 0, all, group * count, count);
        }
        return all;
    }

    /**
     * Decodes outputs: {@code (q - zero) * scale}.
     *
     * @param zeros [groups, count]
     * @param quants of an input, and an output counted from the first one
     */
    void decode(StoredBytes files, int firstOutput, int count, int[] zeros, Quants quants, float[] to, int at) {
        int[] group = groupOfInput(files);
        float[] scale = scales(files, firstOutput, count);
        for (int output = 0; output < count; output++) {
            for (int input = 0; input < inputs; input++) {
                int place = group[input] * count + output;
                to[at + output * inputs + input] = (quants.at(input, output) - zeros[place]) * scale[place];
            }
        }
    }
}
