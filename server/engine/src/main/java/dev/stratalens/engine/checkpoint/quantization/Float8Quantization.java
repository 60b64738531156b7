package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaleGrid;
import dev.stratalens.engine.checkpoint.quantization.decoding.ScaledDecoding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Matrices of float8 numbers, {@code NAME} [.., rows, columns], with scales beside them. {@code fp8} has {@code
 * NAME_scale_inv}, one or one for each block of {@code weight_block_size}; {@code fbgemm_fp8} has {@code NAME_scale},
 * one for each row. Despite its name, an inverse scale multiplies. Scales of a byte are powers of two.
 *
 * <p>The reference also rounds activations to float8 on some devices; here they keep the compute type.
 */
final class Float8Quantization {

    private static final String BLOCK = "weight_block_size";

    private Float8Quantization() {}

    static Map<String, TensorInfo> blocks(HfConfig config, Map<String, TensorInfo> stored) {
        return besideWeights(apply(stored, "_scale_inv", blockSize(config)), blockSize(config));
    }

    /** Files of DeepSeek-V4 have {@code NAME.scale} beside {@code NAME.weight}, and experts in MXFP4. */
    private static Map<String, TensorInfo> besideWeights(Map<String, TensorInfo> stored, Optional<long[]> blockSize) {
        var parts = new QuantizedParts(stored);
        for (TensorInfo scales : parts.ending(".scale")) {
            Optional<TensorInfo> numbers = parts.find(scales.name().replaceFirst("scale$", "weight"))
                    .filter(found -> found.type().bitSize() == Byte.SIZE);
            if (numbers.isPresent() && numbers.get().type() == StoredType.I8) {
                Mxfp4Quantization.join(parts, numbers.get(), scales);
            } else if (numbers.isPresent()) {
                join(parts, numbers.get(), scales, blockSize, Optional.empty());
            }
        }
        return parts.joined();
    }

    static Map<String, TensorInfo> rows(Map<String, TensorInfo> stored) {
        return apply(stored, "weight_scale", Optional.empty());
    }

    private static Map<String, TensorInfo> apply(
            Map<String, TensorInfo> stored, String end, Optional<long[]> blockSize) {
        var parts = new QuantizedParts(stored);
        for (TensorInfo scales : parts.ending(end)) {
            String name = scales.name().replaceFirst("_scale(_inv)?$", "");
            join(parts, parts.of(scales, name), scales, blockSize, Optional.empty());
        }
        return parts.joined();
    }

    /** Joins numbers of a byte with their scales. */
    static void join(
            QuantizedParts parts,
            TensorInfo numbers,
            TensorInfo scales,
            Optional<long[]> blockSize,
            Optional<TensorInfo> zeros) {
        TensorInfo powers = scales.type() == StoredType.U8 ? scales.as(StoredType.F8_E8M0) : scales;
        ScaleGrid grid = Optional.of(numbers.type())
                .filter(List.of(StoredType.F8_E4M3, StoredType.F8_E5M2, StoredType.I8)::contains)
                .filter(type -> StoredNumbers.canRead(powers.type()))
                .flatMap(type -> ScaleGrid.of(numbers.shape(), scales.shape(), blockSize))
                .orElseThrow(() -> QuantizedParts.misfit(
                        "float8 or int8 numbers [.., rows, columns], and one scale for the tensor, for each row or for each block",
                        numbers,
                        scales));
        parts.join(
                numbers.name(),
                numbers.shape(),
                scales,
                new ScaledDecoding(
                        StoredNumbers.decoding(numbers),
                        StoredNumbers.decoding(powers),
                        grid,
                        zeros.map(StoredNumbers::decoding),
                        Optional.empty()),
                numbers);
    }

    private static Optional<long[]> blockSize(HfConfig config) {
        return config.optionalNumbers(BLOCK).map(block -> {
            if (block.size() != 2 || block.stream().anyMatch(size -> size < 1 || size != Math.rint(size))) {
                throw config.invalid(BLOCK, block, "two whole numbers, the rows and the columns of a block");
            }
            return block.stream().mapToLong(Double::longValue).toArray();
        });
    }
}
