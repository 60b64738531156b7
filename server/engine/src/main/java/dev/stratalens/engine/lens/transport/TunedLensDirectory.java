package dev.stratalens.engine.lens.transport;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.lens.plan.ReadPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads a directory of tuned-lens: {@code config.json} and {@code params.pt} with {@code <i>.weight} and {@code <i>.bias}. Translator i
 * acts on the <i>input</i> of block i: the first one on the embedding, the others on the output of the block before. The last block's
 * output has none. The lens is {@code h + A h + b}. Source: {@code AlignmentResearch/tuned-lens}, version 0.2.0.
 */
final class TunedLensDirectory {

    static final String CONFIG = "config.json";
    static final String PARAMETERS = "params.pt";

    private static final String KIND = "linear_tuned_lens";
    private static final int MOST_CONFIG_BYTES = 1 << 20;

    private final Path directory;
    private final JsonObject config;

    private TunedLensDirectory(Path directory, JsonObject config) {
        this.directory = directory;
        this.config = config;
    }

    static FittedLens read(Path directory) {
        return new TunedLensDirectory(directory, config(directory)).lens();
    }

    private static JsonObject config(Path directory) {
        Path file = directory.resolve(CONFIG);
        try {
            if (Files.size(file) > MOST_CONFIG_BYTES) {
                throw InvalidCheckpointException.of(
                        Problem.CONFIGURATION, file, "has more than %,d bytes".formatted(MOST_CONFIG_BYTES));
            }
            if (JsonParser.parseString(Files.readString(file)) instanceof JsonObject read) {
                return read;
            }
            throw InvalidCheckpointException.of(Problem.CONFIGURATION, file, "is no JSON object");
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.CONFIGURATION, file, e);
        } catch (JsonParseException e) {
            throw InvalidCheckpointException.malformed(
                    Problem.CONFIGURATION, CONFIG, "the configuration of a tuned lens", e);
        }
    }

    private FittedLens lens() {
        String kind = text("lens_type");
        if (!kind.isEmpty() && !kind.equals(KIND)) {
            throw fault("lens_type", "is \"%s\"; only %s is read".formatted(kind, KIND));
        }
        int blocks = size("num_hidden_layers");
        int width = size("d_model");
        boolean biased = !text("bias").equals("false");
        SavedValues saved = SavedValues.read(directory.resolve(PARAMETERS));
        var maps = new TreeMap<ReadPoint, AffineMap>();
        for (int i = 0; i < blocks; i++) {
            TensorInfo matrix = saved.tensor(i + ".weight");
            Optional<TensorInfo> shift = biased ? Optional.of(saved.tensor(i + ".bias")) : Optional.empty();
            maps.put(i == 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(i - 1), new AffineMap(matrix, shift));
        }
        int tensors = biased ? 2 * blocks : blocks;
        if (saved.keys().size() != tensors) {
            throw InvalidCheckpointException.of(
                    Problem.TENSORS,
                    saved.file(),
                    "has %d entries, but a lens of %d blocks has %d"
                            .formatted(saved.keys().size(), blocks, tensors));
        }
        // Two published files spell the key wrong.
        String hash = text("unembed_hash").isEmpty() ? text("unemebd_hash") : text("unembed_hash");
        return new FittedLens(
                MapForm.RESIDUAL,
                width,
                maps,
                new LensOrigin("tuned-lens", text("base_model_name_or_path"), text("base_model_revision"), hash, 0, 0));
    }

    private String text(String key) {
        JsonElement value = config.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    private int size(String key) {
        try {
            int size = Integer.parseInt(text(key));
            if (size > 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // As if it were missing.
        }
        throw fault(key, "is missing, or no number from 1 on");
    }

    private static InvalidCheckpointException fault(String key, String what) {
        return InvalidCheckpointException.of(Problem.CONFIGURATION, CONFIG, "\"" + key + "\"", what);
    }
}
