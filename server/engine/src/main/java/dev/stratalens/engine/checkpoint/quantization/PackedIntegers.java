package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.ColumnGroups;
import dev.stratalens.engine.checkpoint.quantization.decoding.PackedColumns;
import dev.stratalens.engine.checkpoint.quantization.decoding.PackedRows;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaleGrid;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaledDecoding;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Matrices of integers of 1 to 8 bits: {@code NAME_packed} I32 [rows, words], {@code NAME_shape}, scales, and where they
 * are not symmetric {@code NAME_zero_point}, packed in the direction of the rows.
 */
final class PackedIntegers {

    private static final int MOST_BITS = 8;

    private PackedIntegers() {}

    static void join(
            StoredBytes files,
            List<HfConfig> schemes,
            QuantizedParts parts,
            String name,
            TensorInfo packed,
            TensorInfo scales) {
        TensorInfo sizes = parts.of(packed, name + "_shape");
        long[] shape = shape(files, sizes);
        int bits = bits(schemes, packed, shape);
        Optional<TensorInfo> order = parts.find(name + "_g_idx");
        Optional<TensorInfo> zeros = parts.find(name + "_zero_point");
        ScaleGrid grid = ScaleGrid.of(shape, scales.shape(), Optional.empty())
                .filter(some -> scales.type().weightType().isPresent())
                .filter(some -> order.isEmpty() || some.blockRows() == 1)
                .orElseThrow(() -> QuantizedParts.misfit(
                        "scales for the tensor %s, for each row, or for groups of columns"
                                .formatted(Arrays.toString(shape)),
                        packed,
                        scales));
        Decoding decoding = new ScaledDecoding(
                new PackedRows(packed, bits, grid.columns()),
                StoredNumbers.decoding(scales),
                grid,
                zeros.map(some -> zeros(some, packed, bits, grid)),
                order.map(indexes -> ColumnGroups.of(indexes, grid.columns(), grid.scaleColumns())));
        zeros.ifPresent(parts::drop);
        order.ifPresent(parts::drop);
        parts.drop(sizes);
        parts.join(name, shape, scales, decoding, packed);
    }

    private static Decoding zeros(TensorInfo zeros, TensorInfo packed, int bits, ScaleGrid grid) {
        long[] expected = {(grid.rows() * bits + Integer.SIZE - 1) / Integer.SIZE, grid.scaleColumns()};
        if (zeros.type() != StoredType.I32 || !Arrays.equals(zeros.shape(), expected) || grid.blockRows() != 1) {
            throw QuantizedParts.misfit("zeros I32 " + Arrays.toString(expected), packed, zeros);
        }
        return new PackedColumns(zeros, bits, grid.scaleColumns());
    }

    /** The width that a scheme has and that the shape needs. */
    private static int bits(List<HfConfig> schemes, TensorInfo packed, long[] shape) {
        List<Integer> fitting = schemes.stream()
                .filter(scheme -> scheme.string("type", "int").equals("int"))
                .map(scheme -> scheme.integer("num_bits", MOST_BITS))
                .filter(bits -> bits <= MOST_BITS)
                .filter(bits -> Arrays.equals(packed.shape(), new long[] {
                    shape[0], (shape[1] * bits + Integer.SIZE - 1) / Integer.SIZE
                }))
                .distinct()
                .toList();
        if (packed.type() != StoredType.I32 || fitting.size() != 1) {
            throw QuantizedParts.misfit(
                    "I32 words of %s in one of the widths of config.json".formatted(Arrays.toString(shape)), packed);
        }
        return fitting.get(0);
    }

    private static long[] shape(StoredBytes files, TensorInfo sizes) {
        boolean isLong = sizes.type() == StoredType.I64;
        if (!(isLong || sizes.type() == StoredType.I32) || sizes.elementCount() != 2) {
            throw QuantizedParts.misfit("I64 [2] or I32 [2]", sizes);
        }
        ByteBuffer bytes = files.read(sizes.file(), sizes.offset(), (int) sizes.byteCount());
        long[] shape = new long[2];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = isLong ? bytes.getLong() : bytes.getInt();
            if (shape[i] < 1 || shape[i] > HfConfig.MAXIMUM_SIZE) {
                throw QuantizedParts.contradiction(sizes, "has the size %d".formatted(shape[i]));
            }
        }
        return shape;
    }
}
