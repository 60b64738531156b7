package dev.stratalens.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.gguf.GgufFile;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.parity.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares tensors of every type with the numbers of the format's own library. */
class DecodedBlocksTest {

    private static final Path RECORDED = Path.of("src/test/resources/formats/blocks");

    /** Every so many parts are tried: some types decode two numbers at a time. */
    private static final int PARTS = 5;

    /** One rounding: the libraries may fuse the product and the sum. */
    private static final float TOLERANCE = 1e-6f;

    static Stream<TensorInfo> quantized() throws IOException {
        List<Path> directories;
        try (Stream<Path> quantizers = Files.list(RECORDED.resolve("quantized"))) {
            directories = Stream.concat(Stream.of(RECORDED.resolve("mlx")), quantizers)
                    .sorted()
                    .toList();
        }
        return Stream.concat(
                directories.stream().flatMap(directory -> CheckpointReader.open(directory).tensors().values().stream()),
                GgufFile.read(RECORDED.resolve("gguf/model.gguf")).tensors().values().stream()
                        .map(tensor -> tensor.rearranged(tensor.name(), tensor.shape(), stored -> stored)));
    }

    @ParameterizedTest
    @MethodSource("quantized")
    void theNumbersAreThoseOfTheReference(TensorInfo tensor) {
        float[] expected = expected(tensor);

        assertEquals(expected.length, tensor.elementCount());
        try (StoredBytes files = new StoredBytes()) {
            assertArrayEquals(expected, decode(files, tensor, 0, expected.length), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("quantized")
    void aPartIsDecodedOnItsOwn(TensorInfo tensor) {
        float[] expected = expected(tensor);
        int granularity = tensor.decoding().orElseThrow().granularity();
        try (StoredBytes files = new StoredBytes()) {
            for (int first = 0; first < expected.length; first += PARTS * granularity) {
                float[] part = new float[granularity];
                System.arraycopy(expected, first, part, 0, granularity);
                assertArrayEquals(part, decode(files, tensor, first, granularity), TOLERANCE);
            }
        }
    }

    private static float[] expected(TensorInfo tensor) {
        Path file = tensor.file().resolveSibling("expected.safetensors");
        return TensorFile.of(file).floats(tensor.name());
    }

    /** Decodes into the middle of an array, to find a decoder that ignores the target index. */
    private static float[] decode(StoredBytes files, TensorInfo tensor, int first, int count) {
        float[] padded = new float[count + 3];
        tensor.decoding().orElseThrow().decode(files, first, count, padded, 3);
        float[] numbers = new float[count];
        System.arraycopy(padded, 3, numbers, 0, count);
        return numbers;
    }
}
