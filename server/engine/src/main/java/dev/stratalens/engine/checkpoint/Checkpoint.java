package dev.stratalens.engine.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model's files: a directory in the format of transformers or a GGUF file. It has the configuration and the place of
 * each tensor. Nothing is mapped; the files must not change while the checkpoint is in use.
 *
 * @param directory directory of the files, or the GGUF file
 * @param config contents of {@code config.json}, or their equivalent
 * @param tensors every stored tensor by name; not modifiable
 * @param revision commit of a hub snapshot, or empty
 */
public record Checkpoint(Path directory, HfConfig config, Map<String, TensorInfo> tensors, String revision) {

    public static final String SINGLE_FILE = "model.safetensors";

    /** Protects the map. */
    public Checkpoint {
        tensors = Collections.unmodifiableMap(tensors);
    }

    /** Whether a model is a GGUF file, by its name; a GGUF file includes its tokenizer. */
    public static boolean isGguf(Path model) {
        return String.valueOf(model.getFileName()).endsWith(".gguf") && Files.isRegularFile(model);
    }

    /** Name of the file that lists the tensors: the one that holds them all, or the index of several. */
    public static String fileOf(Collection<TensorInfo> tensors) {
        Set<String> files = tensors.stream()
                .map(tensor -> String.valueOf(tensor.file().getFileName()))
                .collect(Collectors.toSet());
        return files.size() == 1 ? files.iterator().next() : WeightIndex.FILE;
    }
}
