package dev.stratalens.engine.checkpoint.reader;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.WeightIndex;
import dev.stratalens.engine.checkpoint.quantization.Quantizations;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Recognizes unsupported formats of weights, and refuses them by name with a remedy. */
final class UnreadFormats {

    /** Maps a pattern of file names to the fault and the remedy; the first match counts. */
    private static final Map<String, String> REFUSALS = new LinkedHashMap<>();

    static {
        REFUSALS.put(
                ".*\\.(bin|pt|pth|ckpt)",
                "holds pickled weights, which can run code and are not opened. Convert them: python -c \"from transformers"
                        + " import AutoModelForCausalLM as M; M.from_pretrained('DIR').save_pretrained('NEW_DIR')\"");
        REFUSALS.put(".*\\.gguf", "is a complete model. Give the file instead of its directory.");
        REFUSALS.put(
                ".*\\.safetensors",
                "is not named like the weights of a whole model. Give the directory of a model; merge an adapter into its"
                        + " model; add the index of shards.");
    }

    /** Files of quantizers in addition to the weights; older quantizers did not change config.json. */
    private static final Map<String, String> QUANTIZERS =
            Map.of("quantize_config.json", "gptq", "quant_config.json", "awq");

    private UnreadFormats() {}

    /** Refuses weights that a file beside the configuration says are quantized, if the configuration does not. */
    static void refuseUnnamedQuantizer(Path directory, HfConfig config) {
        if (Quantizations.areNamed(config)) {
            return;
        }
        QUANTIZERS.forEach((file, method) -> {
            if (Files.exists(directory.resolve(file))) {
                throw new InvalidCheckpointException(
                        Problem.CONFIGURATION,
                        file,
                        List.of(file),
                        "%s: weights quantized with %s, which config.json does not say. Add the contents of the file to config.json as \"quantization_config\", with \"quant_method\": \"%s\"."
                                .formatted(file, method, method));
            }
        });
    }

    /** The reason why a single file of a known format is not a model. */
    static InvalidCheckpointException noModel(Path file) {
        String name = String.valueOf(file.getFileName());
        String found = REFUSALS.entrySet().stream()
                .filter(refusal -> name.matches(refusal.getKey()))
                .map(refusal -> name + " " + refusal.getValue())
                .findFirst()
                .orElse(name
                        + " is a file; a model is a .gguf file, or a directory with config.json, *.safetensors and"
                        + " tokenizer.json. Name one of these.");
        return new InvalidCheckpointException(Problem.MISSING_FILE, name, List.of(), found);
    }

    /** The reason why a directory without model.safetensors and its index cannot be loaded. */
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
