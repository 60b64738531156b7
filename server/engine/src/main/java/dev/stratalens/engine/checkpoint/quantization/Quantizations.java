package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The quantizers whose weights can be decoded, by {@code quant_method}. */
public final class Quantizations {

    private static final String KEY = "quantization_config";
    private static final String METHOD = "quant_method";

    /** Named by MLX's tools in one of their versions; the others have no method. */
    private static final String MLX = "mlx";

    private static final Map<String, Quantization> METHODS = new LinkedHashMap<>();

    static {
        METHODS.put("awq", AwqQuantization::apply);
        METHODS.put("bitsandbytes", (config, stored) -> BitsAndBytes.apply(stored));
        METHODS.put("compressed-tensors", CompressedTensors::apply);
        METHODS.put("fbgemm_fp8", (config, stored) -> Float8Quantization.rows(stored));
        METHODS.put("fp8", Float8Quantization::blocks);
        METHODS.put("gptq", GptqQuantization::apply);
        METHODS.put(MLX, (config, stored) -> new MlxQuantization(config).apply(stored));
        METHODS.put("mxfp4", (config, stored) -> Mxfp4Quantization.apply(stored));
        METHODS.put("mxfp8", Float8Quantization::blocks);
    }

    private Quantizations() {}

    /** Whether a configuration says that the weights are quantized. */
    public static boolean areNamed(HfConfig config) {
        return MlxQuantization.of(config).isPresent() || levelOf(config).isPresent();
    }

    /**
     * The tensors with each quantized matrix as one tensor that is decoded when it is loaded.
     *
     * @throws InvalidCheckpointException if the quantizer is not known, or its tensors contradict each other
     */
    public static Map<String, TensorInfo> decoded(HfConfig config, Map<String, TensorInfo> stored) {
        Optional<MlxQuantization> mlx = MlxQuantization.of(config);
        Optional<HfConfig> level = levelOf(config);
        String method = level.map(Quantizations::method).orElse(MLX);
        if (mlx.isPresent() && method.equals(MLX)) {
            return mlx.get().apply(stored);
        }
        return level.map(quantization -> Optional.ofNullable(METHODS.get(method))
                        .orElseThrow(() -> unknown(method))
                        .apply(quantization, stored))
                .orElse(stored);
    }

    private static Optional<HfConfig> levelOf(HfConfig config) {
        return config.object(KEY).or(() -> config.outer().object(KEY));
    }

    private static String method(HfConfig quantization) {
        boolean sizesAlone = quantization.has("bits") && quantization.has("group_size");
        return quantization.string(METHOD, sizesAlone ? MLX : "an unnamed method");
    }

    private static InvalidCheckpointException unknown(String method) {
        return new InvalidCheckpointException(
                Problem.CONFIGURATION,
                "config.json",
                List.of(KEY),
                "config.json: %s: weights quantized with %s are not supported; supported: %s. Use the model's unquantized weights (float32, float16, bfloat16), or a conversion in one of these or in GGUF."
                        .formatted(KEY, method, String.join(", ", METHODS.keySet())));
    }
}
