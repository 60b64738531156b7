package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.Float4Decoding;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaleGrid;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaledDecoding;
import java.util.Optional;

/**
 * Matrices of 4-bit floats, {@code NAME_packed} U8 [rows, columns / 2], with scales for groups of columns. Scales of type
 * U8 are powers of two (MXFP4); scales of type float8 are divided by one number, {@code NAME_global_scale} (NVFP4).
 */
final class PackedFloats {

    private PackedFloats() {}

    static void join(QuantizedParts parts, String name, TensorInfo packed, TensorInfo scales) {
        if (packed.shape().length != 2) {
            throw misfit(packed, scales);
        }
        long[] shape = {packed.shape()[0], packed.shape()[1] * 2};
        ScaleGrid grid = ScaleGrid.of(shape, scales.shape(), Optional.empty())
                .filter(some -> some.blockRows() == 1)
                .orElseThrow(() -> misfit(packed, scales));
        Decoding decoded = decoded(parts, name, packed, scales);
        parts.join(
                name,
                shape,
                scales,
                new ScaledDecoding(new Float4Decoding(packed), decoded, grid, Optional.empty(), Optional.empty()),
                packed);
    }

    private static Decoding decoded(QuantizedParts parts, String name, TensorInfo packed, TensorInfo scales) {
        if (scales.type() == StoredType.U8) {
            return StoredNumbers.decoding(scales.as(StoredType.F8_E8M0));
        }
        TensorInfo whole = parts.of(packed, name + "_global_scale");
        if (scales.type() != StoredType.F8_E4M3 || whole.type() != StoredType.F32 || whole.elementCount() != 1) {
            throw misfit(packed, scales, whole);
        }
        parts.drop(whole);
        Decoding stored = StoredNumbers.decoding(scales);
        return Decoding.of(1, (files, first, count, to, at) -> {
            float divisor = StoredNumbers.read(files, whole, 0, 1)[0];
            stored.decode(files, first, count, to, at);
            for (int i = at; i < at + count; i++) {
                to[i] /= divisor;
            }
        });
    }

    private static RuntimeException misfit(TensorInfo packed, TensorInfo... scales) {
        return QuantizedParts.misfit(
                "U8 [rows, columns / 2], and either U8 [rows, groups] or F8_E4M3 [rows, groups] and F32 [1]",
                packed,
                scales);
    }
}
