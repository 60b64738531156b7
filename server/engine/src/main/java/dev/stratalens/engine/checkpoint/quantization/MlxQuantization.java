package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.MlxDecoding;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The quantization of a directory that MLX wrote. The configuration has {@code quantization}, with keys for modules
 * that differ. Each quantized {@code NAME.weight} has {@code NAME.scales} and {@code NAME.biases}.
 */
final class MlxQuantization {

    private static final String KEY = "quantization";
    private static final String WEIGHT = ".weight";
    private static final List<Integer> BITS = List.of(2, 3, 4, 5, 6, 8);
    private static final List<Integer> GROUP_SIZES = List.of(32, 64, 128);

    private final HfConfig quantization;

    MlxQuantization(HfConfig quantization) {
        this.quantization = quantization;
    }

    /** Reads the configuration, at either level of a wrapped one. */
    static Optional<MlxQuantization> of(HfConfig config) {
        return config.object(KEY).or(() -> config.outer().object(KEY)).map(MlxQuantization::new);
    }

    /** Replaces each quantized tensor with its scales and biases by one decoded tensor, and splits experts. */
    Map<String, TensorInfo> apply(Map<String, TensorInfo> stored) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>(stored);
        for (TensorInfo weight : stored.values()) {
            if (!weight.name().endsWith(WEIGHT)) {
                continue;
            }
            String module = weight.name().substring(0, weight.name().length() - WEIGHT.length());
            TensorInfo scales = stored.get(module + ".scales");
            if (scales != null) {
                HfConfig own = own(module);
                requireAffine(own);
                TensorInfo biases = stored.get(module + ".biases");
                if (biases == null) {
                    throw contradiction(weight, "has scales, but no biases");
                }
                tensors.put(weight.name(), decoded(own, weight, scales, biases));
                tensors.remove(scales.name());
                tensors.remove(biases.name());
            }
        }
        return MlxExperts.apart(tensors);
    }

    /** A module has sizes of its own, or {@code true} for the usual ones. */
    private HfConfig own(String module) {
        return quantization.isTrue(module)
                ? quantization
                : quantization.object(module).orElse(quantization);
    }

    /** Other modes, such as that of gpt-oss, have no biases. */
    private static void requireAffine(HfConfig own) {
        String mode = own.string("mode", "affine");
        if (!mode.equals("affine")) {
            throw own.invalid("mode", mode, "affine. Use a conversion in that mode, or the model's original files");
        }
    }

    private TensorInfo decoded(HfConfig own, TensorInfo packed, TensorInfo scales, TensorInfo biases) {
        int bits = oneOf(own, "bits", BITS);
        int groupSize = oneOf(own, "group_size", GROUP_SIZES);
        long[] shape = shape(packed, scales, groupSize, bits);
        if (!Arrays.equals(scales.shape(), biases.shape())
                || scales.type() != biases.type()
                || scales.type().weightType().isEmpty()) {
            throw contradiction(
                    packed, "has scales and biases of different shapes or types, or of a type that is not numeric");
        }
        return new TensorInfo(
                packed.name(),
                scales.type(),
                shape,
                packed.file(),
                packed.offset(),
                packed.byteCount() + scales.byteCount() + biases.byteCount(),
                Optional.of(new MlxDecoding(packed, scales, biases, groupSize, bits)));
    }

    /** Shape of the decoded tensor; the packed tensor and the scales must agree on it. */
    private static long[] shape(TensorInfo packed, TensorInfo scales, int groupSize, int bits) {
        int last = scales.shape().length - 1;
        if (last < 0 || packed.type() != StoredType.U32) {
            throw contradiction(packed, "has scales, but is not a packed tensor of type U32");
        }
        long[] shape = scales.shape().clone();
        shape[last] *= groupSize;
        long[] words = shape.clone();
        words[last] = shape[last] * bits / Integer.SIZE;
        if (!Arrays.equals(words, packed.shape())) {
            throw contradiction(
                    packed,
                    "of shape %s and its scales of shape %s do not fit %d bits in groups of %d"
                            .formatted(
                                    Arrays.toString(packed.shape()), Arrays.toString(scales.shape()), bits, groupSize));
        }
        return shape;
    }

    private static int oneOf(HfConfig config, String key, List<Integer> allowed) {
        int value = config.integer(key);
        if (!allowed.contains(value)) {
            throw config.invalid(key, value, "one of " + allowed);
        }
        return value;
    }

    private static InvalidCheckpointException contradiction(TensorInfo tensor, String what) {
        return tensor.invalid(what + ". Check that weights and config.json come from the same conversion");
    }
}
