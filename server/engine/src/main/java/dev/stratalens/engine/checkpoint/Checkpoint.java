package dev.stratalens.engine.checkpoint;

import dev.stratalens.engine.checkpoint.gguf.GgufCheckpoint;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model's files, a directory as transformers writes it or a GGUF file: the configuration, and where each tensor lies.
 * Nothing is mapped; the files must not change while the checkpoint is in use.
 *
 * @param directory where the files are, or the GGUF file
 * @param config what {@code config.json} says, or would say
 * @param tensors every stored tensor by name; not modifiable
 * @param revision commit of a hub snapshot, or empty
 */
public record Checkpoint(Path directory, HfConfig config, Map<String, TensorInfo> tensors, String revision) {

    private static final String CONFIG = "config.json";
    static final String SINGLE_FILE = "model.safetensors";
    private static final long MAXIMUM_CONFIG_BYTES = 10_000_000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** Protects the map. */
    public Checkpoint {
        tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Reads the configuration and the headers of the weights.
     *
     * @throws InvalidCheckpointException if a file is missing or damaged, or of a format that is not read
     */
    public static Checkpoint open(Path directory) {
        if (Files.isRegularFile(directory)) {
            return ofFile(directory);
        }
        if (!Files.isDirectory(directory)) {
            throw missing(
                    directory, "does not exist. Name a directory with config.json, *.safetensors and tokenizer.json.");
        }
        try {
            HfConfig config = config(directory);
            UnreadFormats.refuseQuantised(directory, config);
            Map<String, TensorInfo> stored = tensors(directory);
            Map<String, TensorInfo> tensors =
                    MlxQuantisation.of(config).map(mlx -> mlx.apply(stored)).orElse(stored);
            if (Mxfp4Quantisation.isUsed(config)) {
                tensors = Mxfp4Quantisation.apply(stored);
            }
            return new Checkpoint(directory, config, tensors, revision(directory.toRealPath()));
        } catch (IOException e) {
            throw missing(
                    directory,
                    "cannot be read (%s). Check its permissions and the disk."
                            .formatted(e.getClass().getSimpleName()));
        }
    }

    private static Checkpoint ofFile(Path file) {
        if (!isGguf(file)) {
            throw UnreadFormats.noModel(file);
        }
        try {
            Path directory = file.toAbsolutePath().getParent();
            return GgufCheckpoint.open(file, directory == null ? "" : revision(directory.toRealPath()));
        } catch (IOException e) {
            throw missing(
                    file,
                    "cannot be read (%s). Check its permissions and the disk."
                            .formatted(e.getClass().getSimpleName()));
        }
    }

    /** Whether a model is a GGUF file, which has its tokenizer in it, by the file's name. */
    public static boolean isGguf(Path model) {
        return String.valueOf(model.getFileName()).endsWith(".gguf") && Files.isRegularFile(model);
    }

    /** Name of the file that says which tensors there are: the one that holds them all, or the index of several. */
    public static String fileOf(Collection<TensorInfo> tensors) {
        Set<String> files = tensors.stream()
                .map(tensor -> String.valueOf(tensor.file().getFileName()))
                .collect(Collectors.toSet());
        return files.size() == 1 ? files.iterator().next() : WeightIndex.FILE;
    }

    private static HfConfig config(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw missing(file, "is missing. Copy it from where the weights come from.");
        }
        if (Files.size(file) > MAXIMUM_CONFIG_BYTES) {
            throw new InvalidCheckpointException(
                    Problem.CONFIGURATION,
                    CONFIG,
                    List.of(),
                    "config.json has %,d bytes; at most %,d are read."
                            .formatted(Files.size(file), MAXIMUM_CONFIG_BYTES));
        }
        return HfConfig.parse(Files.readString(file));
    }

    /** As transformers: one file if there is one, else shards. */
    private static Map<String, TensorInfo> tensors(Path directory) throws IOException {
        Path file = directory.resolve(SINGLE_FILE);
        if (Files.exists(file)) {
            return SafetensorsFile.read(file);
        }
        if (Files.exists(directory.resolve(WeightIndex.FILE))) {
            return WeightIndex.readShards(directory);
        }
        throw UnreadFormats.noWeights(directory);
    }

    /** A hub cache keeps each commit as {@code .../snapshots/COMMIT}. */
    private static String revision(Path realDirectory) {
        int count = realDirectory.getNameCount();
        if (count < 2 || !realDirectory.getName(count - 2).toString().equals("snapshots")) {
            return "";
        }
        String name = realDirectory.getName(count - 1).toString();
        return COMMIT.matcher(name).matches() ? name : "";
    }

    private static InvalidCheckpointException missing(Path path, String what) {
        String name = String.valueOf(path.getFileName());
        return new InvalidCheckpointException(Problem.MISSING_FILE, name, List.of(), name + " " + what);
    }
}
