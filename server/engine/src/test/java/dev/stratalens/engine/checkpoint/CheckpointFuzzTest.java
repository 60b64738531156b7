package dev.stratalens.engine.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.gguf.GgufTokenizer;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reading any file ends in a result or in one of the two failures, soon and with little memory. Every build reads the
 * committed inputs; {@code docs/checkpoint-formats.md} describes how to look for new ones.
 */
@Timeout(60)
class CheckpointFuzzTest {

    /** Largest size of a tensor that is decoded in full. */
    private static final int DECODED = 1 << 16;

    @TempDir
    private static Path directory;

    @FuzzTest
    void safetensorsHeader(byte[] bytes) throws IOException {
        try {
            SafetensorsFile.read(write("model.safetensors", bytes));
        } catch (InvalidCheckpointException e) {
            check(e);
        }
    }

    @FuzzTest
    void shardIndex(byte[] bytes) throws IOException {
        write(WeightIndex.FILE, bytes);
        try {
            WeightIndex.readShards(directory);
        } catch (InvalidCheckpointException e) {
            check(e);
        }
    }

    @FuzzTest
    void configuration(byte[] bytes) {
        try {
            HfConfig config = HfConfig.parse(new String(bytes, StandardCharsets.UTF_8));
            Architectures.of(config);
        } catch (InvalidCheckpointException e) {
            check(e);
        } catch (UnsupportedArchitectureException e) {
            requireText(e.getMessage());
        }
    }

    /** A configuration, a zero byte, and the weights: as MLX and others quantize them. */
    @MethodSource
    @FuzzTest
    void quantizedDirectory(byte[] bytes) throws IOException {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        Path model = Files.createDirectories(directory.resolve("model"));
        Files.write(model.resolve("config.json"), Arrays.copyOf(bytes, end));
        Files.write(
                model.resolve(Checkpoint.SINGLE_FILE),
                Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length));
        try (StoredBytes files = new StoredBytes()) {
            CheckpointReader.open(model).tensors().values().forEach(tensor -> decode(files, tensor));
        } catch (InvalidCheckpointException e) {
            check(e);
        }
    }

    static Stream<byte[]> quantizedDirectory() throws IOException {
        try (Stream<Path> recorded = Files.list(Path.of("src/test/resources/formats/blocks/quantized"))) {
            return Stream.concat(made(), recorded.sorted().map(CheckpointFuzzTest::recorded).toList().stream());
        }
    }

    private static byte[] recorded(Path model) {
        try {
            byte[] config = Files.readAllBytes(model.resolve("config.json"));
            byte[] weights = Files.readAllBytes(model.resolve(Checkpoint.SINGLE_FILE));
            return ByteBuffer.allocate(config.length + 1 + weights.length)
                    .put(config)
                    .put((byte) 0)
                    .put(weights)
                    .array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<byte[]> made() {
        return Stream.of(
                quantized(
                        "{\"model_type\": \"llama\", \"quantization\": {\"group_size\": 32, \"bits\": 4}}",
                        "{\"m.weight\": {\"dtype\": \"U32\", \"shape\": [2, 4], \"data_offsets\": [0, 32]},"
                                + " \"m.scales\": {\"dtype\": \"F16\", \"shape\": [2, 1], \"data_offsets\": [32, 36]},"
                                + " \"m.biases\": {\"dtype\": \"F16\", \"shape\": [2, 1], \"data_offsets\": [36, 40]}}",
                        40),
                quantized(
                        "{\"model_type\": \"gpt_oss\", \"quantization_config\": {\"quant_method\": \"mxfp4\"}}",
                        "{\"m_blocks\": {\"dtype\": \"U8\", \"shape\": [2, 1, 16], \"data_offsets\": [0, 32]},"
                                + " \"m_scales\": {\"dtype\": \"U8\", \"shape\": [2, 1], \"data_offsets\": [32, 34]}}",
                        34));
    }

    private static byte[] quantized(String config, String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(config.length() + 1 + Long.BYTES + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(config.getBytes(StandardCharsets.UTF_8))
                .put((byte) 0)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @FuzzTest
    void ggufFile(byte[] bytes) throws IOException {
        try {
            Checkpoint checkpoint = CheckpointReader.open(write("model.gguf", bytes));
            try (StoredBytes files = new StoredBytes()) {
                checkpoint.tensors().values().forEach(tensor -> decode(files, tensor));
            }
            Architectures.of(checkpoint.config());
        } catch (InvalidCheckpointException e) {
            check(e);
        } catch (UnsupportedArchitectureException e) {
            requireText(e.getMessage());
        }
    }

    @FuzzTest
    void ggufTokenizer(byte[] bytes) throws IOException {
        try {
            GgufTokenizer.read(write("model.gguf", bytes));
        } catch (InvalidCheckpointException e) {
            check(e);
        }
    }

    private static void decode(StoredBytes files, TensorInfo tensor) {
        tensor.decoding().filter(decoding -> tensor.elementCount() <= DECODED).ifPresent(decoding -> {
            int count = (int) tensor.elementCount();
            decoding.decode(files, 0, count, new float[count], 0);
        });
    }

    private static Path write(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private static void check(InvalidCheckpointException failure) {
        requireText(failure.file());
        requireText(failure.getMessage());
    }

    private static void requireText(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new AssertionError("a failure that says nothing");
        }
    }
}
