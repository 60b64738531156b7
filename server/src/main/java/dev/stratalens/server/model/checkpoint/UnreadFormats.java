package dev.stratalens.server.model.checkpoint;

import dev.stratalens.server.error.InvalidCheckpointException;
import dev.stratalens.server.error.InvalidCheckpointException.Problem;
import dev.stratalens.server.model.architecture.HfConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Formats of weights that are recognised, to be refused by name and with a way out. */
final class UnreadFormats {

    /** File name pattern to what is wrong with such files and what to do; the first that matches is told. */
    private static final Map<String, String> REFUSALS = new LinkedHashMap<>();

    static {
        REFUSALS.put(
                ".*\\.(bin|pt|pth|ckpt)",
                "holds pickled weights, which can run code and are never opened. Convert them: python -c \"from transformers"
                        + " import AutoModelForCausalLM as M; M.from_pretrained('DIR').save_pretrained('NEW_DIR')\"");
        REFUSALS.put(".*\\.gguf", "is GGUF, which is not read yet. Use the model's original safetensors.");
        REFUSALS.put(
                ".*\\.safetensors",
                "does not have the name of a whole model's weights. Merge an adapter into its model, or add the index.");
    }

    private UnreadFormats() {}

    /** Refuses weights that are not plain numbers. */
    static void refuseQuantised(HfConfig config) {
        for (HfConfig level : List.of(config, config.outer())) {
            level.object("quantization_config").ifPresent(quantisation -> {
                throw quantised("quantization_config", quantisation.string("quant_method", "an unnamed method"));
            });
            level.object("quantization").ifPresent(quantisation -> {
                throw quantised("quantization", "mlx");
            });
        }
    }

    private static InvalidCheckpointException quantised(String key, String method) {
        return new InvalidCheckpointException(
                Problem.CONFIGURATION,
                "config.json",
                List.of(key),
                "config.json: %s: weights quantised with %s are not read. Use the model's float32, float16 or bfloat16 weights."
                        .formatted(key, method));
    }

    /** Says why a directory without model.safetensors and its index cannot be loaded. */
    static InvalidCheckpointException noWeights(Path directory) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        String found = REFUSALS.entrySet().stream()
                .flatMap(refusal -> names.stream()
                        .filter(name -> name.matches(refusal.getKey()))
                        .map(name -> "Found %s, which %s".formatted(name, refusal.getValue())))
                .findFirst()
                .orElse("Copy the weights into the directory.");
        return new InvalidCheckpointException(
                Problem.MISSING_FILE,
                Checkpoint.SINGLE_FILE,
                List.of(),
                "%s and %s are missing. %s".formatted(Checkpoint.SINGLE_FILE, WeightIndex.FILE, found));
    }
}
