package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.ColumnGroups;
import dev.stratalens.engine.checkpoint.quantization.decoding.GptqDecoding;
import dev.stratalens.engine.checkpoint.quantization.decoding.Grouped;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GPTQ's parts of a matrix: {@code NAME.qweight}, {@code NAME.qzeros}, {@code NAME.scales} and {@code NAME.g_idx}. See
 * {@link GptqDecoding}.
 */
final class GptqQuantization {

    private static final List<Integer> BITS = List.of(2, 3, 4, 8);
    private static final String FORMAT = "checkpoint_format";

    private GptqQuantization() {}

    static Map<String, TensorInfo> apply(HfConfig config, Map<String, TensorInfo> stored) {
        int zeroOffset = zeroOffset(config);
        var parts = new QuantizedParts(stored);
        for (TensorInfo words : parts.ending(".qweight")) {
            String module = words.name().substring(0, words.name().length() - "qweight".length());
            join(config, zeroOffset, parts, words, module);
        }
        return parts.joined();
    }

    /** The first version stores each zero less 1. */
    private static int zeroOffset(HfConfig config) {
        String format = config.string(FORMAT, "gptq");
        return switch (format) {
            case "gptq" -> 1;
            case "gptq_v2" -> 0;
            default ->
                throw config.invalid(
                        FORMAT, format, "gptq, gptq_v2. Use a conversion to one of them, or the unquantized model");
        };
    }

    private static void join(HfConfig config, int zeroOffset, QuantizedParts parts, TensorInfo words, String module) {
        TensorInfo zeros = parts.of(words, module + "qzeros");
        TensorInfo scales = parts.of(words, module + "scales");
        Optional<TensorInfo> order = parts.find(module + "g_idx");
        if (List.of(words, zeros, scales).stream().anyMatch(part -> part.shape().length != 2)
                || words.type() != StoredType.I32
                || zeros.type() != StoredType.I32
                || scales.type().weightType().isEmpty()) {
            throw misfit(words, zeros, scales);
        }
        long packed = words.shape()[0] * Integer.SIZE;
        int bits = bits(config, words, packed, order);
        long inputs = packed / bits;
        long outputs = words.shape()[1];
        long groups = scales.shape()[0];
        if (inputs < 1
                || inputs * bits != packed
                || outputs < 1
                || outputs % GptqDecoding.OUTPUTS != 0
                || groups > inputs
                || groups < 1
                || inputs > HfConfig.MAXIMUM_SIZE
                || outputs > HfConfig.MAXIMUM_SIZE
                || !Arrays.equals(scales.shape(), new long[] {groups, outputs})
                || !Arrays.equals(zeros.shape(), new long[] {groups, outputs * bits / Integer.SIZE})
                || (order.isEmpty() && inputs % groups != 0)) {
            throw misfit(words, zeros, scales);
        }
        var decoding = new GptqDecoding(
                new Grouped(
                        (int) inputs,
                        (int) outputs,
                        scales,
                        (int) groups,
                        order.map(indexes -> ColumnGroups.of(indexes, inputs, groups))),
                words,
                zeros,
                bits,
                zeroOffset);
        order.ifPresent(parts::drop);
        parts.join(module + "weight", new long[] {outputs, inputs}, scales, decoding, words, zeros);
    }

    /** Modules may have widths of their own, which their shapes tell. */
    private static int bits(HfConfig config, TensorInfo words, long packed, Optional<TensorInfo> order) {
        int usual = config.integer("bits");
        int bits = order.map(TensorInfo::elementCount)
                .filter(inputs -> inputs > 0 && packed % inputs == 0)
                .map(inputs -> (int) Math.min(Integer.MAX_VALUE, packed / inputs))
                .orElse(usual);
        if (!BITS.contains(bits) || (bits != usual && !config.has("dynamic"))) {
            throw QuantizedParts.contradiction(
                    words, "has numbers of %d bits; config.json says %d; allowed: %s".formatted(bits, usual, BITS));
        }
        return bits;
    }

    private static RuntimeException misfit(TensorInfo words, TensorInfo zeros, TensorInfo scales) {
        return QuantizedParts.misfit(
                "I32 [inputs * bits / 32, outputs], I32 [groups, outputs * bits / 32], scales [groups, outputs], outputs a multiple of %d"
                        .formatted(GptqDecoding.OUTPUTS),
                words,
                zeros,
                scales);
    }
}
