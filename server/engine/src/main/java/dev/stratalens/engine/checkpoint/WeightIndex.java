package dev.stratalens.engine.checkpoint;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the index of a sharded checkpoint, which maps tensors to files. */
public final class WeightIndex {

    public static final String FILE = "model.safetensors.index.json";

    private WeightIndex() {}

    /**
     * The tensors of all shards in the index. Of a tensor that several shards hold, the last shard by name counts, as for
     * transformers, if the index does not name another one.
     *
     * @throws InvalidCheckpointException if index and shards disagree, or a shard is not a plain file of the directory
     */
    public static Map<String, TensorInfo> readShards(Path directory) throws IOException {
        Map<String, String> shardOfTensor = parse(directory.resolve(FILE));
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, String> holders = new HashMap<>();
        for (String shard : new TreeSet<>(shardOfTensor.values())) {
            // Buffers of old files are not listed. Like any other tensor, they must be known.
            SafetensorsFile.read(directory.resolve(plainName(shard))).forEach((name, tensor) -> {
                tensors.put(name, tensor);
                holders.put(name, shard);
            });
        }
        Map<String, String> offenders = new TreeMap<>();
        shardOfTensor.forEach((name, listed) -> {
            String holder = holders.getOrDefault(name, "no shard");
            if (!holder.equals(listed)) {
                offenders.put(name, "listed in %s, last found in %s".formatted(listed, holder));
            }
        });
        if (!offenders.isEmpty()) {
            throw fault(
                    List.copyOf(offenders.keySet()),
                    "and the shards disagree about where these tensors are: %s. Download the checkpoint again."
                            .formatted(offenders.entrySet().stream()
                                    .map(offender -> "%s (%s)".formatted(offender.getKey(), offender.getValue()))
                                    .collect(Collectors.joining(", "))));
        }
        return tensors;
    }

    private static Map<String, String> parse(Path index) throws IOException {
        Map<String, String> shardOfTensor = new LinkedHashMap<>();
        try (JsonReader json = new JsonReader(Files.newBufferedReader(index, StandardCharsets.UTF_8))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                if (!json.nextName().equals("weight_map")) {
                    json.skipValue();
                    continue;
                }
                json.beginObject();
                while (json.hasNext()) {
                    String tensor = json.nextName();
                    if (shardOfTensor.put(tensor, json.nextString()) != null) {
                        throw fault(List.of(tensor), "names tensor \"%s\" twice.".formatted(tensor));
                    }
                }
                json.endObject();
            }
            json.endObject();
        } catch (MalformedJsonException | EOFException | CharacterCodingException | IllegalStateException e) {
            throw InvalidCheckpointException.malformed(Problem.CORRUPT, FILE, "an index of shards", e);
        }
        if (shardOfTensor.isEmpty()) {
            throw fault(List.of(), "has no weight_map. Download it again.");
        }
        return shardOfTensor;
    }

    /** An index may come from anywhere, so it must not lead out of its directory. */
    private static String plainName(String shard) {
        if (shard.isEmpty() || shard.equals(".") || shard.equals("..") || shard.matches(".*[/\\\\:\\x00].*")) {
            throw fault(List.of(shard), "names the shard \"%s\"; allowed: file names without a path.".formatted(shard));
        }
        return shard;
    }

    private static InvalidCheckpointException fault(List<String> offenders, String what) {
        return new InvalidCheckpointException(Problem.CORRUPT, FILE, offenders, FILE + " " + what);
    }
}
