package dev.stratalens.engine.checkpoint.reader;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.SafetensorsFile;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.WeightIndex;
import dev.stratalens.engine.checkpoint.gguf.GgufTokenizer;
import dev.stratalens.engine.checkpoint.gguf.family.GgufCheckpoint;
import dev.stratalens.engine.checkpoint.quantization.Quantizations;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.text.JsonTokenizer;
import dev.stratalens.engine.text.NoTokenizer;
import dev.stratalens.engine.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Opens a directory or a GGUF file of any supported format as a checkpoint. */
public final class CheckpointReader {

    private static final String CONFIG = "config.json";
    private static final long MAXIMUM_CONFIG_BYTES = 10_000_000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private CheckpointReader() {}

    /**
     * Reads the configuration and the headers of the weights.
     *
     * @throws InvalidCheckpointException if a file is missing, damaged or of an unsupported format
     */
    public static Checkpoint open(Path directory) {
        if (Files.isRegularFile(directory)) {
            return ofFile(directory);
        }
        if (!Files.isDirectory(directory)) {
            throw InvalidCheckpointException.of(
                    Problem.MISSING_FILE,
                    directory,
                    "does not exist. Give a directory with config.json, *.safetensors and tokenizer.json");
        }
        try {
            HfConfig config = config(directory);
            UnreadFormats.refuseUnnamedQuantizer(directory, config);
            Map<String, TensorInfo> tensors = Quantizations.decoded(config, tensors(directory));
            return new Checkpoint(directory, config, tensors, revision(directory.toRealPath()));
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.MISSING_FILE, directory, e);
        }
    }

    private static Checkpoint ofFile(Path file) {
        if (!Checkpoint.isGguf(file)) {
            throw UnreadFormats.noModel(file);
        }
        try {
            Path directory = file.toAbsolutePath().getParent();
            return GgufCheckpoint.open(file, directory == null ? "" : revision(directory.toRealPath()));
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.MISSING_FILE, file, e);
        }
    }

    /**
     * The tokenizer of a directory, or of a GGUF file. Closed by the caller. A directory without one has a model for
     * token ids.
     *
     * @throws InvalidCheckpointException if it cannot be used
     */
    public static Tokenizer tokenizer(Path model) {
        if (Checkpoint.isGguf(model)) {
            return JsonTokenizer.of(GgufTokenizer.read(model));
        }
        return NoTokenizer.isAllThereIs(model) ? new NoTokenizer() : JsonTokenizer.open(model);
    }

    private static HfConfig config(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw InvalidCheckpointException.of(
                    Problem.MISSING_FILE, file, "is missing. Copy it from the source of the weights");
        }
        if (Files.size(file) > MAXIMUM_CONFIG_BYTES) {
            throw InvalidCheckpointException.of(
                    Problem.CONFIGURATION,
                    CONFIG,
                    "has %,d bytes; at most %,d are read".formatted(Files.size(file), MAXIMUM_CONFIG_BYTES));
        }
        return HfConfig.parse(Files.readString(file));
    }

    /** Like transformers: one file if it exists, else shards. */
    private static Map<String, TensorInfo> tensors(Path directory) throws IOException {
        Path file = directory.resolve(Checkpoint.SINGLE_FILE);
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
}
