package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Stored tensors while the parts of quantized matrices among them are joined. Not thread-safe. */
public final class QuantizedParts {

    /**
     * Ends of names of tensors about activations, caches and their quantization. Only weights are decoded here, so these
     * are left out.
     */
    private static final List<String> OF_ACTIVATIONS = List.of(
            "activation_scale",
            "input_scale",
            "input_scale_ub",
            "input_zero_point",
            "input_global_scale",
            "output_scale",
            "output_zero_point",
            ".q_scale",
            ".k_scale",
            ".v_scale",
            ".k_zero_point",
            ".v_zero_point");

    private final Map<String, TensorInfo> stored;
    private final Map<String, TensorInfo> joined;

    public QuantizedParts(Map<String, TensorInfo> stored) {
        this.stored = stored;
        this.joined = new LinkedHashMap<>(stored);
        joined.keySet().removeIf(name -> OF_ACTIVATIONS.stream().anyMatch(name::endsWith));
    }

    /** The tensors whose names have this end; the end is what differs between the parts of a matrix. */
    public List<TensorInfo> ending(String end) {
        return stored.values().stream()
                .filter(tensor -> tensor.name().endsWith(end))
                .toList();
    }

    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(stored.get(name));
    }

    /** The part of this name, which belongs to another one. */
    public TensorInfo of(TensorInfo owner, String name) {
        return find(name).orElseThrow(() -> contradiction(owner, "needs \"%s\" beside it".formatted(name)));
    }

    /**
     * Replaces the parts by one tensor.
     *
     * @param scales one of the parts, of the type that the numbers have before they are rounded
     */
    public void join(String name, long[] shape, TensorInfo scales, Decoding decoding, TensorInfo... parts) {
        var all = new ArrayList<>(List.of(parts));
        all.add(scales);
        all.forEach(part -> joined.remove(part.name()));
        TensorInfo first = parts[0];
        joined.put(
                name,
                new TensorInfo(
                        name,
                        scales.type().weightType().isPresent() ? scales.type() : StoredType.BF16,
                        shape,
                        first.file(),
                        first.offset(),
                        all.stream().mapToLong(TensorInfo::byteCount).sum(),
                        Optional.of(decoding)));
    }

    /** Leaves a part out. */
    public void drop(TensorInfo part) {
        joined.remove(part.name());
    }

    public Map<String, TensorInfo> joined() {
        return joined;
    }

    /** The failure for parts whose types or shapes do not fit together. */
    public static InvalidCheckpointException misfit(String expected, TensorInfo first, TensorInfo... others) {
        String found = Stream.concat(Stream.of(first), Arrays.stream(others))
                .map(part -> "%s %s %s".formatted(part.name(), part.type(), Arrays.toString(part.shape())))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        return contradiction(first, "does not fit: expected %s; found %s".formatted(expected, found));
    }

    public static InvalidCheckpointException contradiction(TensorInfo tensor, String what) {
        return tensor.invalid(what + ". Check that weights and config.json come from the same model");
    }
}
