package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a matrix that compressed-tensors writes. Every format has {@code NAME.weight_scale}. Beside it, {@code
 * NAME.weight} has numbers of 8 bits, or {@code NAME.weight_packed} has fewer bits. The types and shapes of the parts
 * say which; the configuration may have several formats.
 */
final class CompressedTensors {

    private static final List<String> FORMATS = List.of(
            "dense",
            "pack-quantized",
            "int-quantized",
            "float-quantized",
            "naive-quantized",
            "nvfp4-pack-quantized",
            "mxfp4-pack-quantized",
            "mxfp8-quantized",
            "mixed-precision");

    private static final String SCALE = ".weight_scale";

    private CompressedTensors() {}

    static Map<String, TensorInfo> apply(HfConfig config, Map<String, TensorInfo> stored) {
        requireKnown(config);
        List<HfConfig> schemes = schemes(config);
        var parts = new QuantizedParts(stored);
        try (var files = new StoredBytes()) {
            for (TensorInfo scales : parts.ending(SCALE)) {
                String weight = scales.name().substring(0, scales.name().length() - "_scale".length());
                Optional<TensorInfo> packed = parts.find(weight + "_packed");
                if (packed.isEmpty()) {
                    joinBytes(schemes, parts, parts.of(scales, weight), scales);
                } else if (packed.get().type() == StoredType.U8) {
                    PackedFloats.join(parts, weight, packed.get(), scales);
                } else {
                    PackedIntegers.join(files, schemes, parts, weight, packed.get(), scales);
                }
            }
        }
        return parts.joined();
    }

    private static void joinBytes(List<HfConfig> schemes, QuantizedParts parts, TensorInfo numbers, TensorInfo scales) {
        Optional<TensorInfo> zeros = parts.find(numbers.name() + "_zero_point");
        zeros.ifPresent(some -> {
            if (some.type() != numbers.type() || some.elementCount() != scales.elementCount()) {
                throw QuantizedParts.misfit("a zero for each scale, of the type of the numbers", numbers, scales, some);
            }
            parts.drop(some);
        });
        Float8Quantization.join(parts, numbers, scales, blockSize(schemes), zeros);
    }

    /** Rows and columns of a block, if a scheme has blocks. */
    private static Optional<long[]> blockSize(List<HfConfig> schemes) {
        return schemes.stream()
                .filter(scheme -> scheme.has("block_structure") && !scheme.isText("block_structure"))
                .map(scheme -> scheme.numbers("block_structure"))
                .filter(block -> block.size() == 2 && block.stream().allMatch(size -> size >= 1))
                .findFirst()
                .map(block -> block.stream().mapToLong(Double::longValue).toArray());
    }

    private static void requireKnown(HfConfig config) {
        config.optionalString("format").ifPresent(format -> require(config, "format", format, FORMATS));
        config.optionalString("quantization_status")
                .ifPresent(status -> require(config, "quantization_status", status, List.of("compressed")));
        config.object("sparsity_config")
                .ifPresent(sparsity -> sparsity.optionalString("format")
                        .ifPresent(format -> require(sparsity, "format", format, List.of("dense"))));
        config.object("transform_config")
                .flatMap(transform -> transform.object("config_groups"))
                .filter(groups -> !groups.keys().isEmpty())
                .ifPresent(groups -> {
                    throw config.unsupported("transform_config", groups.keys(), "a model without rotations");
                });
    }

    private static void require(HfConfig config, String key, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw config.invalid(key, value, String.join(", ", allowed));
        }
    }

    /** How weights are quantized, by group of modules. */
    private static List<HfConfig> schemes(HfConfig config) {
        return config.object("config_groups").stream()
                .flatMap(groups -> groups.keys().stream()
                        .map(groups::object)
                        .flatMap(Optional::stream)
                        .peek(group -> group.optionalString("format")
                                .ifPresent(format -> require(group, "format", format, FORMATS)))
                        .map(group -> group.object("weights"))
                        .flatMap(Optional::stream))
                .toList();
    }
}
