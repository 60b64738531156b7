package dev.stratalens.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.parity.TensorFile;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares tensors of every type with the numbers of the format's own library. */
class DecodedBlocksTest {

    /** Every so many parts are tried: some types decode two numbers at a time. */
    private static final int PARTS = 5;

    /** One rounding: the libraries may fuse the product and the sum. */
    private static final float TOLERANCE = 1e-6f;

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.QuantizedTensors#all")
    void theNumbersAreThoseOfTheReference(TensorInfo tensor) {
        float[] expected = expected(tensor);

        assertEquals(expected.length, tensor.elementCount());
        try (StoredBytes files = new StoredBytes()) {
            assertArrayEquals(expected, decode(files, tensor, 0, expected.length), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.QuantizedTensors#all")
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
