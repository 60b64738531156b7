package dev.stratalens.engine.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.gguf.GgufTokenizer;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.checkpoint.reader.UnreadFormats;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reading any file ends in a result or in one of the two failures, soon and with little memory. Every build reads the
 * committed inputs; {@code docs/checkpoint-formats.md} describes how to look for new ones.
 */
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
            UnreadFormats.refuseQuantized(directory, config);
            Architectures.of(config);
        } catch (InvalidCheckpointException e) {
            check(e);
        } catch (UnsupportedArchitectureException e) {
            requireText(e.getMessage());
        }
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
