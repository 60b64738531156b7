package dev.stratalens.engine.checkpoint.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.Mxfp4Decoding;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mxfp4QuantizationTest {

    private final Map<String, TensorInfo> stored = new LinkedHashMap<>();

    Mxfp4QuantizationTest() {
        add("m_blocks", StoredType.U8, 3, 4, 2, 16);
        add("m_scales", StoredType.U8, 3, 4, 2);
        add("m_bias", StoredType.BF16, 3, 4);
    }

    @Test
    void blocksAndScalesBecomeOneTensor() {
        Map<String, TensorInfo> tensors = Mxfp4Quantization.apply(stored);

        assertEquals(Set.of("m_blocks", "m_bias"), tensors.keySet());
        TensorInfo decoded = Objects.requireNonNull(tensors.get("m_blocks"));
        assertArrayEquals(new long[] {3, 4, 64}, decoded.shape());
        assertEquals(StoredType.BF16, decoded.type());
        assertTrue(decoded.isQuantized());
    }

    @Test
    void theLowerHalfOfAByteComesFirstAndScalesArePowersOfTwo(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[17];
        bytes[0] = (byte) 0xA7; // 6, then -1
        bytes[15] = 0x10; // 0, then 0.5
        bytes[16] = 126;
        Path file = Files.write(folder.resolve("weights"), bytes);
        var decoding = new Mxfp4Decoding(
                new TensorInfo("m_blocks", StoredType.U8, new long[] {1, 16}, file, 0, 16),
                new TensorInfo("m_scales", StoredType.U8, new long[] {1}, file, 16, 1));
        float[] numbers = new float[32];
        try (var files = new StoredBytes()) {
            decoding.decode(files, 0, 32, numbers, 0);
        }
        float[] expected = new float[32];
        expected[0] = 3f;
        expected[1] = -0.5f;
        expected[31] = 0.25f;
        assertArrayEquals(expected, numbers);
    }

    @Test
    void blocksWithoutScalesAreRefused() {
        stored.remove("m_scales");
        assertRefused("has no scales beside it");
    }

    @Test
    void scalesThatDoNotFitAreRefused() {
        add("m_scales", StoredType.U8, 3, 4, 1);
        assertRefused("are not U8 [.., groups, 16] and U8 [.., groups]");
    }

    @Test
    void scalesOfAnotherTypeAreRefused() {
        add("m_scales", StoredType.BF16, 3, 4, 2);
        assertRefused("of type BF16");
    }

    private void assertRefused(String message) {
        var refusal = assertThrows(InvalidCheckpointException.class, () -> Mxfp4Quantization.apply(stored));
        assertEquals(List.of("m_blocks"), refusal.offenders());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }

    private void add(String name, StoredType type, long... shape) {
        long bytes = 1;
        for (long size : shape) {
            bytes *= size;
        }
        stored.put(
                name, new TensorInfo(name, type, shape, Path.of("model.safetensors"), 0, bytes * type.bitSize() / 8));
    }
}
