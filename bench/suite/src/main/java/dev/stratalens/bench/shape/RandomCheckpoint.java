package dev.stratalens.bench.shape;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Writes a checkpoint directory with weights as a fresh model has them, the same ones every time. */
final class RandomCheckpoint {

    /** Files of a tokenizer, taken from a model that has one. */
    private static final List<String> TOKENIZER_FILES = List.of("tokenizer.json", "tokenizer_config.json");

    private static final long SEED = 135;
    private static final int CHUNK = 1 << 18;

    /** Follows the writing. */
    @FunctionalInterface
    interface Listener {
        void written(int tensors, int total);
    }

    private final JsonObject config;
    private final WeightType type;
    private final Path tokenizer;

    /** @param tokenizer directory of a model whose tokenizer is used; its vocabulary may be smaller than the model's */
    RandomCheckpoint(JsonObject config, WeightType type, Path tokenizer) {
        this.config = config.deepCopy();
        this.config.addProperty("dtype", type.toString());
        this.type = type;
        this.tokenizer = tokenizer;
    }

    void write(Path directory, Listener listener) throws IOException {
        Files.createDirectories(directory);
        for (String name : TOKENIZER_FILES) {
            Files.copy(tokenizer.resolve(name), directory.resolve(name));
        }
        Files.writeString(directory.resolve("config.json"), config.toString());
        List<RandomTensor> tensors = ModelShape.tensors(config);
        SplittableRandom random = new SplittableRandom(SEED);
        try (OutputStream out = Files.newOutputStream(directory.resolve("model.safetensors"))) {
            out.write(header(tensors));
            for (int i = 0; i < tensors.size(); i++) {
                write(tensors.get(i), random, out);
                listener.written(i + 1, tensors.size());
            }
        }
    }

    /** Its length, then names, types, shapes and places as JSON. */
    private byte[] header(List<RandomTensor> tensors) {
        JsonObject header = new JsonObject();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("format", "pt");
        header.add("__metadata__", metadata);
        long offset = 0;
        for (RandomTensor tensor : tensors) {
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", type.safetensorsName());
            JsonArray shape = new JsonArray();
            tensor.shape().forEach(shape::add);
            entry.add("shape", shape);
            JsonArray place = new JsonArray();
            place.add(offset);
            offset += tensor.elements() * type.bytes();
            place.add(offset);
            entry.add("data_offsets", place);
            header.add(tensor.name(), entry);
        }
        String json = header.toString();
        byte[] text = (json + " ".repeat(Math.floorMod(-json.length(), 8))).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private void write(RandomTensor tensor, SplittableRandom random, OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long left = tensor.elements(); left > 0; left -= CHUNK) {
            chunk.clear();
            for (int i = 0; i < Math.min(left, CHUNK); i++) {
                double noise = tensor.deviation() == 0 ? 0 : tensor.deviation() * random.nextGaussian();
                type.put(chunk, tensor.mean() + (float) noise);
            }
            out.write(chunk.array(), 0, chunk.position());
        }
    }
}
