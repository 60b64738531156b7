package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.AwqDecoding;
import dev.stratalens.engine.checkpoint.quantization.decoding.Grouped;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * AWQ's parts of a matrix, in the order of its {@code gemm} kernel: {@code NAME.qweight}, {@code NAME.qzeros} and {@code
 * NAME.scales} [groups, outputs]. See {@link AwqDecoding}.
 */
final class AwqQuantization {

    private static final int BITS = 4;

    private AwqQuantization() {}

    static Map<String, TensorInfo> apply(HfConfig config, Map<String, TensorInfo> stored) {
        requireGemm(config);
        var parts = new QuantizedParts(stored);
        for (TensorInfo words : parts.ending(".qweight")) {
            String module = words.name().substring(0, words.name().length() - "qweight".length());
            join(parts, words, parts.of(words, module + "qzeros"), parts.of(words, module + "scales"), module);
        }
        return parts.joined();
    }

    private static void requireGemm(HfConfig config) {
        for (String key : List.of("version", "format")) {
            config.optionalString(key)
                    .filter(version -> !version.equalsIgnoreCase("gemm"))
                    .ifPresent(version -> {
                        throw config.invalid(key, version, "gemm. Use a conversion with it, or the unquantized model");
                    });
        }
        if (config.integer("bits", BITS) != BITS) {
            throw config.invalid("bits", config.integer("bits", BITS), "4");
        }
    }

    private static void join(
            QuantizedParts parts, TensorInfo words, TensorInfo zeros, TensorInfo scales, String module) {
        if (List.of(words, zeros, scales).stream().anyMatch(part -> part.shape().length != 2)
                || words.type() != StoredType.I32
                || zeros.type() != StoredType.I32
                || scales.type().weightType().isEmpty()) {
            throw misfit(words, zeros, scales);
        }
        long inputs = words.shape()[0];
        long outputs = words.shape()[1] * AwqDecoding.OUTPUTS;
        long groups = scales.shape()[0];
        if (inputs < 1
                || outputs < 1
                || groups < 1
                || inputs % groups != 0
                || inputs > HfConfig.MAXIMUM_SIZE
                || outputs > HfConfig.MAXIMUM_SIZE
                || !Arrays.equals(scales.shape(), new long[] {groups, outputs})
                || !Arrays.equals(zeros.shape(), new long[] {groups, words.shape()[1]})) {
            throw misfit(words, zeros, scales);
        }
        Grouped matrix = new Grouped((int) inputs, (int) outputs, scales, (int) groups, Optional.empty());
        parts.join(
                module + "weight",
                new long[] {outputs, inputs},
                scales,
                new AwqDecoding(matrix, words, zeros),
                words,
                zeros);
    }

    private static RuntimeException misfit(TensorInfo words, TensorInfo zeros, TensorInfo scales) {
        return QuantizedParts.misfit(
                "I32 [inputs, outputs / 8], I32 [groups, outputs / 8], scales [groups, outputs]", words, zeros, scales);
    }
}
